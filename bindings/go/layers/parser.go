package layers

// DecodingLayer is a header that a Parser fills in: a pointer to one of the types of this package, or what is made like it.
type DecodingLayer interface {
	// Decodes is the kind of layer that it takes.
	Decodes() Kind
	// DecodeFromBytes takes the layer's own bytes, which stay the packet's.
	DecodeFromBytes(header []byte) error
}

// Parser decodes packets into headers that it was given, as gopacket's DecodingLayerParser does: a layer that comes twice, an inner IP header
// say, is the last one then. It takes one packet a call; who has many at once takes a Walker. One goroutine at a time may use it.
type Parser struct {
	walker Walker
	span   [1]Span
	layers [len(kindNames)]DecodingLayer
	// Truncated says whether the last packet was longer than the bytes that were captured of it.
	Truncated bool
}

// NewParser makes one for packets of a link type. Layers of other kinds are passed over.
func NewParser(linkType uint32, layers ...DecodingLayer) *Parser {
	parser := Parser{walker: Walker{LinkType: linkType}}
	for _, layer := range layers {
		if kind := layer.Decodes(); int(kind) < len(parser.layers) {
			parser.layers[kind] = layer
		}
	}
	return &parser
}

// DecodeLayers decodes a packet, and says which of the layers it has, in their order. The error is what is wrong behind them.
func (p *Parser) DecodeLayers(packet []byte, decoded *[]Kind) error {
	*decoded = (*decoded)[:0]
	p.span[0] = Span{0, uint32(len(packet))}
	if err := p.walker.Walk(packet, p.span[:]); err != nil {
		return err
	}
	for _, layer := range p.walker.Layers(0) {
		into := p.layers[layer.Kind]
		if into == nil {
			continue
		}
		if err := into.DecodeFromBytes(layer.Header(packet)); err != nil {
			return err
		}
		*decoded = append(*decoded, layer.Kind)
	}
	p.Truncated = p.walker.IsTruncated(0)
	return p.walker.Err(0)
}
