//! Writes an entry point for every public function of the codec crates, read from their sources, so that none can be
//! forgotten. An entry point takes what the function takes and hides the result from the optimiser.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, ToTokens};
use std::{env, fs, path::Path};
use syn::visit_mut::{visit_path_mut, visit_type_mut, VisitMut};
use syn::{FnArg, GenericParam, Generics, ImplItem, Item, Pat, Type, Visibility};

const CRATES: [&str; 3] = ["ether-ip", "vxlan-codec", "geneve-codec"];

fn main() {
    let mut out = TokenStream::new();
    for name in CRATES {
        let sources = Path::new("..").join(name).join("src");
        println!("cargo::rerun-if-changed={}", sources.display());
        let mut files: Vec<_> = fs::read_dir(&sources).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files {
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            // `open_set` and `view` hold macros; `options` is private and reached through the others.
            if ["lib", "open_set", "options"].contains(&module.as_str()) {
                continue;
            }
            out.extend(entries_of_file(&name.replace('-', "_"), &module, &fs::read_to_string(&path).unwrap()));
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("entries.rs"), out.to_string()).unwrap();
}

fn entries_of_file(krate: &str, module: &str, source: &str) -> TokenStream {
    let file = syn::parse_file(source).unwrap();
    let mut entries = TokenStream::new();
    let mut uses = TokenStream::new();
    for item in &file.items {
        match item {
            // The file's own imports bring its signatures' types into scope; `crate::` becomes the crate's name.
            Item::Use(item) if matches!(item.vis, Visibility::Inherited) => {
                let mut item = item.clone();
                if let syn::UseTree::Path(path) = &mut item.tree {
                    if path.ident == "crate" {
                        path.ident = Ident::new(krate, Span::call_site());
                    }
                    if path.tree.to_token_stream().to_string().starts_with("options") {
                        continue;
                    }
                }
                uses.extend(quote!(#[allow(unused_imports)] #item));
            }
            Item::Fn(function) if is_public(&function.vis) => {
                entries.extend(entry(krate, module, None, None, &Generics::default(), &function.sig));
            }
            Item::Impl(item) => {
                let of_trait = item.trait_.as_ref().map(|(_, path, _)| path);
                let trait_name = of_trait.map(|path| path.segments.last().unwrap().ident.to_string());
                // Text is for people, and core's formatting is not ours to prove.
                if matches!(
                    trait_name.as_deref(),
                    Some("Display" | "Debug" | "TunnelHeader" | "Copy" | "Clone" | "Default")
                ) {
                    continue;
                }
                for part in &item.items {
                    if let ImplItem::Fn(method) = part {
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
    let (name, krate, module) =
        (format_ident!("{krate}_{module}"), format_ident!("{krate}"), format_ident!("{module}"));
    quote! {
        mod #name {
            #[allow(unused_imports)] use core::hint::black_box;
            #uses
            #[allow(unused_imports)] use #krate::#module::*;
            #entries
        }
    }
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
            GenericParam::Type(parameter) => substitutions.push((parameter.ident.clone(), syn::parse_quote!([u8; 8]))),
            GenericParam::Const(_) => panic!("a const parameter in {module}::{}", signature.ident),
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
                        matches!(*typed.pat, Pat::Ident(_) | Pat::Tuple(_)),
                        "a pattern in {module}::{}",
                        signature.ident
                    );
                    substitute.apply(&typed.ty).to_token_stream()
                }
            };
            parameters.push(quote!(#name: #of_type));
            arguments.push(name);
        }
        let own_types: Vec<_> = signature
            .generics
            .type_params()
            .map(|parameter| {
                let ident = &parameter.ident;
                substitute.apply(&syn::parse_quote!(#ident))
            })
            .collect();
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
        let of_name: String = self_type
            .iter()
            .flat_map(|of| of.to_token_stream().to_string().chars().collect::<Vec<_>>())
            .take_while(|c| *c != '<')
            .filter(|c| c.is_alphanumeric())
            .collect();
        let trait_name = of_trait.map_or(String::new(), |of| {
            of.to_token_stream().to_string().chars().filter(|c| c.is_alphanumeric()).collect()
        });
        let name = format_ident!("entry_{krate}_{module}_{of_name}_{trait_name}_{name_of_function}{suffix}");
        let lifetimes = lifetimes.iter();
        entries.extend(quote! {
            #[no_mangle]
            #[allow(clippy::all, non_snake_case)]
            pub fn #name<'bytes, #(#lifetimes),*>(#(#parameters),*) {
                let _ = black_box(#path(#(#arguments),*));
            }
        });
    }
    entries
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
    fn visit_type_mut(&mut self, of: &mut Type) {
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
