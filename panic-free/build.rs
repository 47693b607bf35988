//! Writes an entry point for every public function of the codec crates, read from their sources, so that none can be
//! forgotten. An entry point takes what the function takes and hides the result from the optimiser.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, ToTokens};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syn::visit_mut::{visit_generic_argument_mut, visit_path_mut, visit_type_mut, VisitMut};
use syn::{
    Expr, FnArg, GenericParam, Generics, ImplItem, Item, Pat, PathArguments, ReturnType, TraitItem, TraitItemFn, Type,
    TypeParamBound, UseTree, Visibility,
};

const CRATES: [&str; 7] =
    ["ether-ip", "vxlan-codec", "geneve-codec", "bgp-codec", "flannel-udp-codec", "weave-codec", "cilium-codec"];

/// `lib`, `open_set` and `view` hold no functions of their own that are public; `options` and `wire` are private and reached
/// through the others; `codec` is for feature `bytes`, `lease` and `longest_prefix` are for theirs: these allocate.
/// `arbitrary` makes inputs to fuzz with, and has an allocator too. `owned` is packets in a `Vec` and a `BytesMut`, which allocate:
/// what takes a `PacketBuffer` is entered with a `Headroom`, and so are the trait's own methods.
/// `crypto` calls RustCrypto's Poly1305, whose vector code has assertions that the optimiser cannot see to hold.
const NOT_ENTERED: [&str; 10] =
    ["lib", "open_set", "options", "wire", "arbitrary", "owned", "codec", "lease", "longest_prefix", "crypto"];
/// The trait whose methods all but eight are made of the others: these are functions of what implements it.
const BUFFER: &str = "PacketBuffer";
/// Text is for people, and core's formatting is not ours to prove. `Drop` is run by all that makes what is dropped. `TunnelHeader` is reached through its templates, `TypedRoute`
/// through `Typed`; a stack's layers and headers, and how they are put together, through stacks that are entered by hand.
const NOT_PROVED: [&str; 20] = [
    "Drop",
    "Header",
    "Announces",
    "Prepend",
    "Layer",
    "Carrier",
    "Follows",
    "Front",
    "Flat",
    "Div",
    "Display",
    "Debug",
    "TunnelHeader",
    "TypedRoute",
    "Copy",
    "Clone",
    "Default",
    "FromStr",
    "FromIterator",
    "Arbitrary",
];

fn main() {
    let mut out = TokenStream::new();
    for name in CRATES {
        let sources_of = Path::new("..").join(name).join("src");
        println!("cargo::rerun-if-changed={}", sources_of.display());
        let mut files = Vec::new();
        sources_under(&sources_of, &mut Vec::new(), &mut files);
        files.sort();
        let mut sources: Vec<_> = files.iter().map(|(modules, path)| (modules, parsed(path))).collect();
        let mut hidden = HashSet::new();
        hidden_under(&sources_of, &mut Vec::new(), &mut hidden);
        for (modules, file) in &mut sources {
            Publish { at: modules, hidden: &hidden }.visit_file_mut(file);
        }
        let private: Vec<_> = sources.iter().flat_map(|(_, file)| &file.items).filter_map(name_if_private).collect();
        for (modules, file) in &sources {
            out.extend(entries_of_file(&name.replace('-', "_"), modules, &published(modules, &hidden), file, &private));
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("entries.rs"), out.to_string()).unwrap();
}

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The modules that only their crate sees: what is public in them is found in the modules around.
fn hidden_under(folder: &Path, modules: &mut Vec<String>, hidden: &mut HashSet<Vec<String>>) {
    let file = [folder.join("mod.rs"), folder.join("lib.rs")].into_iter().find(|path| path.exists()).unwrap();
    for item in parsed(&file).items {
        let Item::Mod(item) = item else { continue };
        let name = item.ident.to_string();
        if item.content.is_some() || NOT_ENTERED.contains(&name.as_str()) {
            continue;
        }
        modules.push(name);
        if !is_public(&item.vis) {
            hidden.insert(modules.clone());
        }
        if folder.join(item.ident.to_string()).is_dir() {
            hidden_under(&folder.join(item.ident.to_string()), modules, hidden);
        }
        modules.pop();
    }
}

/// A path without the modules in it that are hidden.
fn published(path: &[String], hidden: &HashSet<Vec<String>>) -> Vec<String> {
    (0..path.len()).filter(|at| !hidden.contains(&path[..=*at])).map(|at| path[at].clone()).collect()
}

/// Makes paths within a crate start at `crate`, and leaves hidden modules out of them.
struct Publish<'a> {
    at: &'a [String],
    hidden: &'a HashSet<Vec<String>>,
}

impl Publish<'_> {
    fn tree(&self, tree: UseTree, at: &mut Vec<String>) -> UseTree {
        match tree {
            UseTree::Path(mut path) => {
                at.push(path.ident.to_string());
                path.tree = Box::new(self.tree(*path.tree, at));
                let is_hidden = self.hidden.contains(&*at);
                at.pop();
                if is_hidden {
                    *path.tree
                } else {
                    UseTree::Path(path)
                }
            }
            UseTree::Group(mut group) => {
                group.items = group.items.into_iter().map(|tree| self.tree(tree, at)).collect();
                UseTree::Group(group)
            }
            other => other,
        }
    }
}

impl VisitMut for Publish<'_> {
    fn visit_item_use_mut(&mut self, item: &mut syn::ItemUse) {
        let (mut tree, mut at, mut is_ours) = (item.tree.clone(), Vec::new(), false);
        while let UseTree::Path(path) = &tree {
            match &*path.ident.to_string() {
                "crate" => at.clear(),
                "super" => {
                    let from = if is_ours { &at[..] } else { self.at };
                    at = from[..from.len() - 1].to_vec();
                }
                _ => break,
            }
            is_ours = true;
            tree = (*path.tree).clone();
        }
        if is_ours {
            let mut tree = self.tree(tree, &mut at.clone());
            for name in published(&at, self.hidden).iter().rev().chain([&"crate".to_owned()]) {
                let name = Ident::new(name, Span::call_site());
                tree = syn::parse_quote!(#name::#tree);
            }
            item.tree = tree;
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_path_mut(self, path);
        if path.segments.len() > 1 && path.segments[0].ident == "crate" {
            let names: Vec<_> = path.segments.iter().skip(1).map(|segment| segment.ident.to_string()).collect();
            let kept = (0..path.segments.len()).filter(|at| *at == 0 || !self.hidden.contains(&names[..*at]));
            path.segments = kept.map(|at| path.segments[at].clone()).collect();
        }
    }
}

/// Each source with the modules that lead to it; a folder's `mod.rs` is the folder's own module.
fn sources_under(folder: &Path, modules: &mut Vec<String>, files: &mut Vec<(Vec<String>, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if NOT_ENTERED.contains(&module.as_str()) {
            continue;
        }
        if path.is_dir() {
            modules.push(module);
            sources_under(&path, modules, files);
            modules.pop();
        } else if module == "mod" {
            files.push((modules.clone(), path));
        } else {
            files.push((modules.iter().cloned().chain([module]).collect(), path));
        }
    }
}

/// The name of an item that only its own crate sees.
fn name_if_private(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Macro(item) => return item.ident.as_ref().map(Ident::to_string),
        _ => return None,
    };
    (!is_public(visibility)).then(|| name.to_string())
}

/// An import without what only its own crate sees.
fn without(tree: UseTree, private: &[String]) -> Option<UseTree> {
    match tree {
        UseTree::Name(name) if private.contains(&name.ident.to_string()) => None,
        UseTree::Path(mut path) => {
            *path.tree = without(*path.tree, private)?;
            Some(UseTree::Path(path))
        }
        UseTree::Group(mut group) => {
            group.items = group.items.into_iter().filter_map(|tree| without(tree, private)).collect();
            // Of a module beside, of which nothing is left, nobody outside knows.
            (!group.items.is_empty()).then_some(UseTree::Group(group))
        }
        other => Some(other),
    }
}

fn entries_of_file(
    krate: &str,
    modules: &[String],
    public: &[String],
    file: &syn::File,
    private: &[String],
) -> TokenStream {
    let module = &modules.join("_");
    let hidden: Vec<_> = file.items.iter().filter_map(name_if_private).collect();
    let mut entries = TokenStream::new();
    let mut uses = TokenStream::new();
    for item in file.items.iter().chain(&accessors_of_views(&file.items)) {
        match item {
            // The file's own imports bring its signatures' types into scope; `crate::` becomes the crate's name.
            Item::Use(item) if matches!(item.vis, Visibility::Inherited) => {
                let mut item = item.clone();
                let Some(tree) = without(item.tree, private) else { continue };
                item.tree = tree;
                if let UseTree::Path(path) = &mut item.tree {
                    if path.ident == "crate" {
                        path.ident = Ident::new(krate, Span::call_site());
                    }
                    let of = path.tree.to_token_stream().to_string();
                    if ["options", "wire"].iter().any(|private| of.starts_with(private)) {
                        continue;
                    }
                }
                uses.extend(quote!(#[allow(unused_imports)] #item));
            }
            Item::Fn(function) if is_public(&function.vis) => {
                entries.extend(entry(krate, module, None, None, &Generics::default(), &function.sig));
            }
            Item::Trait(item) if item.ident == BUFFER => {
                for part in &item.items {
                    if let TraitItem::Fn(TraitItemFn { sig, default: Some(_), .. }) = part {
                        let (of, of_trait) = (headroom(), item.ident.clone().into());
                        entries.extend(entry(krate, module, Some(&of), Some(&of_trait), &Generics::default(), sig));
                    }
                }
            }
            Item::Impl(item) => {
                let of_trait = item.trait_.as_ref().map(|(_, path, _)| path);
                let trait_name = of_trait.map(|path| path.segments.last().unwrap().ident.to_string());
                if trait_name.is_some_and(|name| {
                    NOT_PROVED.contains(&name.as_str()) || hidden.contains(&name) || private.contains(&name)
                }) {
                    continue;
                }
                // What nobody outside can name is reached through what can be named.
                if matches!(&*item.self_ty, Type::Path(of) if hidden.contains(&of.path.segments[0].ident.to_string())) {
                    continue;
                }
                // What is generic over an iterator, over routes or over layers is entered by hand.
                if item.generics.type_params().any(|parameter| ["I", "R", "F"].iter().any(|of| parameter.ident == of)) {
                    continue;
                }
                for part in &item.items {
                    if let ImplItem::Fn(method) = part {
                        // What takes someone else's trait is entered by hand.
                        if takes_a_trait(&method.sig) {
                            continue;
                        }
                        if of_trait.is_some() || is_public(&method.vis) {
                            entries.extend(entry(
                                krate,
                                module,
                                Some(&item.self_ty),
                                of_trait,
                                &item.generics,
                                &method.sig,
                            ));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let (name, krate) = (format_ident!("{krate}_{module}"), format_ident!("{krate}"));
    let modules = public.iter().map(|module| format_ident!("{module}"));
    quote! {
        mod #name {
            #[allow(unused_imports)] use core::hint::black_box;
            #uses
            #[allow(unused_imports)] use #krate::#(#modules::)**;
            #entries
        }
    }
}

/// What `view!` writes for views that have a payload, as it would stand in the file.
fn accessors_of_views(items: &[Item]) -> Vec<Item> {
    let mut accessors = Vec::new();
    for item in items {
        let Item::Macro(item) = item else { continue };
        let words: Vec<_> = item.mac.tokens.clone().into_iter().map(|word| word.to_string()).collect();
        if !item.mac.path.segments.last().is_some_and(|name| name.ident == "view") || !words.contains(&"payload".into())
        {
            continue;
        }
        let view = format_ident!("{}", words[0]);
        accessors.push(syn::parse_quote!(impl<B: zerocopy::ByteSlice> #view<B> {
            pub fn payload(&self) -> &[u8] {}
            pub fn into_payload(self) -> B {}
        }));
        accessors.push(syn::parse_quote!(impl<B: zerocopy::ByteSliceMut> #view<B> {
            pub fn payload_mut(&mut self) -> &mut [u8] {}
        }));
        accessors.push(syn::parse_quote!(impl<'a> #view<&'a mut [u8]> {
            pub fn into_parts(self) {}
        }));
    }
    accessors
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The entry points of one function: one, or one each for `&[u8]` and `&mut [u8]` where it is generic over bytes.
fn entry(
    krate: &str,
    module: &str,
    self_type: Option<&Type>,
    of_trait: Option<&syn::Path>,
    generics: &Generics,
    signature: &syn::Signature,
) -> TokenStream {
    let all = generics.params.iter().chain(&signature.generics.params);
    let mut lifetimes = Vec::new();
    let mut bytes = None;
    let mut substitutions = Vec::new();
    for parameter in all {
        match parameter {
            GenericParam::Lifetime(lifetime) => lifetimes.push(lifetime.lifetime.clone()),
            GenericParam::Type(parameter) if parameter.ident == "B" => {
                bytes = Some(parameter.bounds.to_token_stream().to_string());
            }
            GenericParam::Type(parameter) => {
                let of = parameter.bounds.first().is_some_and(is_buffer).then(headroom);
                substitutions.push((parameter.ident.clone(), of.unwrap_or(syn::parse_quote!([u8; 8]))));
            }
            GenericParam::Const(parameter) => {
                assert!(parameter.ident == "N", "another const parameter in {module}::{}", signature.ident);
            }
        }
    }
    let shared: Type = syn::parse_quote!(&'bytes [u8]);
    let exclusive: Type = syn::parse_quote!(&'bytes mut [u8]);
    let variants = match bytes.as_deref() {
        None => vec![("", None)],
        Some(bounds) if bounds.contains("ByteSliceMut") => vec![("_mut", Some(exclusive))],
        Some(bounds) if bounds.contains("Copyable") => vec![("_ref", Some(shared))],
        Some(_) => vec![("_ref", Some(shared)), ("_mut", Some(exclusive))],
    };
    let mut entries = TokenStream::new();
    for (suffix, bytes) in variants {
        let mut substitute = Substitute { krate: krate.to_owned(), types: substitutions.clone(), self_type: None };
        if let Some(bytes) = bytes {
            substitute.types.push((Ident::new("B", Span::call_site()), bytes));
        }
        let self_type = self_type.map(|of| substitute.apply(of));
        substitute.self_type = self_type.clone();
        let (mut parameters, mut arguments) = (Vec::new(), Vec::new());
        for (number, input) in signature.inputs.iter().enumerate() {
            let name = format_ident!("argument_{number}");
            let of_type: TokenStream = match input {
                FnArg::Receiver(receiver) => {
                    let of = self_type.as_ref().unwrap();
                    match (&receiver.reference, &receiver.mutability) {
                        (Some(_), Some(_)) => quote!(&mut #of),
                        (Some(_), None) => quote!(&#of),
                        (None, _) => quote!(#of),
                    }
                }
                FnArg::Typed(typed) => {
                    assert!(
                        matches!(*typed.pat, Pat::Ident(_) | Pat::Tuple(_) | Pat::Wild(_)),
                        "a pattern in {module}::{}",
                        signature.ident
                    );
                    substitute.apply(&typed.ty).to_token_stream()
                }
            };
            parameters.push(quote!(#name: #of_type));
            arguments.push(name);
        }
        let own = signature.generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(parameter) => {
                let ident = &parameter.ident;
                Some(substitute.apply(&syn::parse_quote!(#ident)).to_token_stream())
            }
            GenericParam::Const(_) => Some(quote!(17)),
        });
        let own_types: Vec<_> = own.collect();
        let own_types = if has_impl_arguments(signature) { Vec::new() } else { own_types };
        let name_of_function = &signature.ident;
        let function =
            if own_types.is_empty() { quote!(#name_of_function) } else { quote!(#name_of_function::<#(#own_types),*>) };
        let path = match (&self_type, of_trait) {
            (Some(of), Some(of_trait)) => {
                let of_trait = substitute.apply(&Type::Path(syn::TypePath { qself: None, path: of_trait.clone() }));
                quote!(<#of as #of_trait>::#function)
            }
            (Some(of), None) => quote!(<#of>::#function),
            (None, _) => quote!(#function),
        };
        let mut of_name: String = self_type
            .iter()
            .flat_map(|of| of.to_token_stream().to_string().chars().collect::<Vec<_>>())
            .take_while(|c| *c != '<')
            .filter(|c| c.is_alphanumeric())
            .collect();
        // A type of several lengths has several functions of one name.
        of_name.extend(self_type.iter().filter_map(length_of));
        let trait_name = of_trait.map_or(String::new(), |of| {
            of.to_token_stream().to_string().chars().filter(|c| c.is_alphanumeric()).collect()
        });
        let name = format_ident!("entry_{krate}_{module}_{of_name}_{trait_name}_{name_of_function}{suffix}");
        let lifetimes = lifetimes.iter();
        // An iterator that has no name of its own is run to its end here.
        let call = match &signature.output {
            ReturnType::Type(_, of) if matches!(**of, Type::ImplTrait(_)) => {
                quote!(#path(#(#arguments),*).for_each(|item| { let _ = black_box(item); });)
            }
            _ => quote!(let _ = black_box(#path(#(#arguments),*));),
        };
        entries.extend(quote! {
            #[no_mangle]
            #[allow(clippy::all, non_snake_case)]
            pub fn #name<'bytes, #(#lifetimes),*>(#(#parameters),*) {
                #call
            }
        });
    }
    entries
}

/// The number that a type is of, as `GroupRecord<'a, 4>` is.
fn length_of(of: &Type) -> Option<String> {
    let Type::Path(of) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &of.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Const(number) => Some(number.to_token_stream().to_string()),
        _ => None,
    })
}

/// Whether an argument is of a trait that nothing stands in for: an iterator, or what somebody else implements.
fn takes_a_trait(signature: &syn::Signature) -> bool {
    arguments(signature).any(|of| matches!(of, Type::ImplTrait(_)) && stand_in(of).is_none())
}

fn has_impl_arguments(signature: &syn::Signature) -> bool {
    arguments(signature).any(|of| matches!(of, Type::ImplTrait(_)))
}

/// The types of the arguments, without the reference that some are behind.
fn arguments(signature: &syn::Signature) -> impl Iterator<Item = &Type> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Reference(of) => Some(&*of.elem),
            of => Some(of),
        },
    })
}

/// What an argument of `impl Trait` is called with.
fn stand_in(of: &Type) -> Option<Type> {
    function_pointer(of).or_else(|| buffer(of))
}

/// What stands in for a buffer of the caller's: a slice with room.
fn buffer(of: &Type) -> Option<Type> {
    let Type::ImplTrait(of) = of else { return None };
    is_buffer(of.bounds.first()?).then(headroom)
}

fn is_buffer(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.path.segments.last().is_some_and(|name| name.ident == BUFFER))
}

fn headroom() -> Type {
    syn::parse_quote!(ether_ip::Headroom<'_>)
}

/// What stands in for a closure: a function's address.
fn function_pointer(of: &Type) -> Option<Type> {
    let Type::ImplTrait(of) = of else { return None };
    let TypeParamBound::Trait(bound) = of.bounds.first()? else { return None };
    let PathArguments::Parenthesized(arguments) = &bound.path.segments.last()?.arguments else { return None };
    let (inputs, output) = (&arguments.inputs, &arguments.output);
    Some(syn::parse_quote!(fn(#inputs) #output))
}

struct Substitute {
    krate: String,
    types: Vec<(Ident, Type)>,
    self_type: Option<Type>,
}

impl Substitute {
    fn apply(&mut self, of: &Type) -> Type {
        let mut of = of.clone();
        self.visit_type_mut(&mut of);
        of
    }
}

impl VisitMut for Substitute {
    fn visit_expr_mut(&mut self, of: &mut Expr) {
        if matches!(of, Expr::Path(path) if path.path.is_ident("N")) {
            *of = syn::parse_quote!(17);
        }
    }

    /// A const parameter reads as a type until it is known to be none.
    fn visit_generic_argument_mut(&mut self, of: &mut syn::GenericArgument) {
        if matches!(of, syn::GenericArgument::Type(Type::Path(path)) if path.path.is_ident("N")) {
            *of = syn::GenericArgument::Const(syn::parse_quote!(17));
        }
        visit_generic_argument_mut(self, of);
    }

    fn visit_type_mut(&mut self, of: &mut Type) {
        if let Some(with) = stand_in(of) {
            *of = with;
        }
        if let Type::Path(path) = of {
            if path.qself.is_none() {
                if let Some((_, with)) = self.types.iter().find(|(name, _)| path.path.is_ident(name)) {
                    *of = with.clone();
                    return;
                }
                if path.path.is_ident("Self") {
                    if let Some(with) = &self.self_type {
                        *of = with.clone();
                        return;
                    }
                }
            }
        }
        visit_type_mut(self, of);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.segments.len() > 1 && path.segments[0].ident == "crate" {
            path.segments[0].ident = Ident::new(&self.krate, Span::call_site());
        }
        visit_path_mut(self, path);
    }
}
