#!/bin/sh
# What tshark reads from the BGP messages of one capture: one line a frame, every occurrence of a field joined by commas.
# usage: bgp_fields.sh FILE
exec tshark -n -r "$1" -T fields -E occurrence=a -E aggregator=, -E separator=/t \
    -e bgp.open.version -e bgp.open.myas -e bgp.open.holdtime -e bgp.open.identifier -e bgp.open.opt.param.type \
    -e bgp.cap.type -e bgp.cap.mp.afi -e bgp.cap.mp.safi -e bgp.cap.4as -e bgp.cap.ap.sendreceive \
    -e bgp.update.withdrawn_routes.length -e bgp.withdrawn_prefix -e bgp.update.path_attributes.length \
    -e bgp.update.path_attribute.flags -e bgp.update.path_attribute.type_code -e bgp.update.path_attribute.length \
    -e bgp.update.path_attribute.origin -e bgp.update.path_attribute.as_path_segment.type \
    -e bgp.update.path_attribute.as_path_segment.as4 -e bgp.update.path_attribute.next_hop \
    -e bgp.update.path_attribute.multi_exit_disc -e bgp.update.path_attribute.local_pref \
    -e bgp.update.path_attribute.mp_reach_nlri.afi -e bgp.update.path_attribute.mp_reach_nlri.safi \
    -e bgp.update.path_attribute.mp_unreach_nlri.afi -e bgp.mp_reach_nlri_ipv6_prefix -e bgp.nlri_prefix \
    -e bgp.nlri_path_id -e bgp.notify.major_error -e bgp.notify.minor_error_cease -e bgp.route_refresh.afi \
    -e bgp.route_refresh.safi
