//! What many places stand for at once: the ground of references and rename.
//!
//! Who looks for the uses of a thing collects the places where its name is written and asks here what
//! each means. One evaluation answers for all of them.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{Place, PlaceKind, Sites, SourcePlace};
use nixscope_hir::{Body, Expr, ExprId, NameId};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::contexts::{Surroundings, in_each_context};
use super::{Name, OptionId, Resolution, Resolver, What};
use crate::key_path::{Keys, key_path};
use crate::outputs::with_flake;
use crate::project::Project;

/// A place where a name is written that other files may be meant by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mention {
    /// The n-th name of a selection's, or a `?`'s, path.
    Selected {
        /// The selection.
        expr: ExprId,
        /// Which name.
        index: usize,
    },
    /// A name of `inherit (from) name;`.
    Inherited {
        /// What is inherited from.
        from: ExprId,
        /// The name's place.
        name: NameId,
    },
    /// A variable that only a `with` can provide.
    With {
        /// The variable.
        expr: ExprId,
        /// The `with` expression around it.
        owner: ExprId,
    },
    /// A key of an attribute set.
    Key(NameId),
}

/// What a mention stands for, over every host that its file belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Meaning {
    /// The options.
    pub options: Vec<OptionId>,
    /// Whether the place declares the option.
    pub declares: bool,
    /// The hosts whose option it is.
    pub hosts: Vec<SmolStr>,
    /// What is no option: attributes, hosts, inputs, and what is outside.
    pub found: Vec<Resolution>,
}

/// So many functions that nobody is known to call are observed for one question.
const MAX_OBSERVED: usize = 48;

/// What each mention stands for, in the order of the question.
pub fn meanings(
    db: &dyn Db,
    project: Project,
    asked: &[(SourceFile, Vec<Mention>)],
) -> Vec<(SourceFile, Mention, Meaning)> {
    with_flake(db, project, |ev, flake| {
        let mut out = Vec::new();
        let mut observed = 0;
        for (source, mentions) in asked {
            let mut meanings: Vec<Meaning> = vec![Meaning::default(); mentions.len()];
            in_each_context(ev, project, flake, *source, |resolver, around| {
                let mut calls = Calls { known: FxHashMap::default(), left: MAX_OBSERVED - observed };
                for (mention, meaning) in mentions.iter().zip(&mut meanings) {
                    resolver.mention(*mention, around, &mut calls, meaning);
                }
                observed = MAX_OBSERVED - calls.left;
            });
            out.extend(mentions.iter().zip(meanings).map(|(mention, it)| (*source, *mention, it)));
        }
        out
    })
}

/// The calls of functions, looked for once a function and context.
struct Calls<'h> {
    known: FxHashMap<ExprId, Vec<Vec<(ExprId, &'h nixscope_eval::Env<'h>)>>>,
    left: usize,
}

impl<'h> Resolver<'_, 'h> {
    fn mention(
        &mut self,
        mention: Mention,
        around: &Surroundings<'_, 'h>,
        calls: &mut Calls<'h>,
        meaning: &mut Meaning,
    ) {
        // A host knows what its option is; the flake's own modules only hold the module.
        if self.host.is_none() && !meaning.options.is_empty() {
            return;
        }
        self.ask(mention, meaning);
        let at = match mention {
            Mention::Selected { expr, .. } => expr,
            Mention::Inherited { from, .. } => from,
            Mention::With { owner, .. } => owner,
            Mention::Key(_) => return,
        };
        let settled = !meaning.options.is_empty() || meaning.found.iter().any(|it| it.what != What::External);
        if settled {
            return;
        }
        // The function around it may be a helper: then what it is really called with decides.
        let Some(lambda) = around.uncalled(at) else { return };
        if !calls.known.contains_key(&lambda) {
            if calls.left == 0 {
                return;
            }
            calls.left -= 1;
            calls.known.insert(lambda, around.calls(lambda));
        }
        let file = self.sites.file();
        for called in calls.known.get(&lambda).cloned().unwrap_or_default() {
            let outer = std::mem::replace(&mut self.sites, Sites::new(self.ev, file, called));
            self.ask(mention, meaning);
            self.sites = outer;
        }
    }

    fn ask(&mut self, mention: Mention, meaning: &mut Meaning) {
        self.found.clear();
        self.meant = Some(Vec::new());
        let body = self.sites.file().body;
        match mention {
            Mention::Selected { expr, index } => {
                if let Expr::Select { base, path, .. } | Expr::HasAttr { base, path } = &body.exprs[expr] {
                    let names: Vec<Name<'_>> = path.iter().take(index + 1).map(Name::Attr).collect();
                    self.walk(*base, expr, &names);
                }
            }
            Mention::Inherited { from, name } => {
                let (base, mut names) = match &body.exprs[from] {
                    Expr::Select { base, path, default: None } => {
                        (*base, path.iter().map(Name::Attr).collect())
                    }
                    _ => (from, Vec::new()),
                };
                names.push(Name::Plain(body.names[name]));
                self.walk(base, from, &names);
            }
            Mention::With { expr, .. } => self.through_withs(expr),
            Mention::Key(key) => self.key(key, meaning),
        }
        let meant = self.meant.take().unwrap_or_default();
        if !meant.is_empty() {
            let host = self.host.clone();
            meaning.hosts.extend(host.filter(|host| !meaning.hosts.contains(host)));
        }
        meaning
            .options
            .extend(meant.into_iter().filter(|it| !meaning.options.contains(it)).collect::<Vec<_>>());
        for found in self.found.drain(..) {
            if !meaning
                .found
                .iter()
                .any(|it| (&it.what, it.place, &it.external) == (&found.what, found.place, &found.external))
            {
                meaning.found.push(found);
            }
        }
    }

    /// A key is an option's where the module system finds a definition, or a declaration, right there.
    /// How it is written is not enough: the same keys may stand in a list or a helper's argument.
    fn key(&mut self, key: NameId, meaning: &mut Meaning) {
        let Some(system) = self.system.clone() else { return };
        let Some(keys) = key_path(self.ev, &mut self.sites, key) else { return };
        let own =
            SourcePlace { source: self.sites.file().source, kind: PlaceKind::Name(Body::raw_name(key)) };
        match keys {
            Keys::Definition(path) => {
                let defs = system.definitions(self.ev, &path, true);
                let here = |place: Place| self.with_further_places(place).contains(&own);
                if defs.iter().any(|def| def.unknown.is_none() && here(def.place)) {
                    self.takes_name(system.class, &path);
                }
            }
            Keys::Declaration(path) => {
                let options = system.options(self.ev);
                let Some(node) = options.descend(&path) else { return };
                let here = |place: Place| self.with_further_places(place).contains(&own);
                let declared = node.declarations.iter().any(|decl| here(decl.place));
                if declared || node.declarations.is_empty() {
                    meaning.declares = true;
                    self.takes_name(system.class, &path);
                }
            }
        }
    }
}
