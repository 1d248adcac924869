//! Settings and where each came from: built in, the user's `conf/`, the workspace's `conf/`, the
//! environment. Unknown keys are errors with the nearest known name.

use crate::diagnostic::{Exit, Failure, Problem, nearest};
use crate::film::document::line_of;
use crate::film::stage::Stage;
use crate::plan::gate::Policy;
use crate::plan::money::Money;
use crate::plan::price::{Measure, Tariff};
use crate::secret;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const OPERATOR: &str = include_str!("../conf/operator.yaml");
const PROVIDERS: &str = include_str!("../conf/providers.yaml");

#[derive(Debug, Clone)]
pub struct Settings {
    pub operator: Operator,
    pub providers: Providers,
    /// Each setting's dotted name, its value as text, and where it came from.
    pub origins: Vec<(String, String, String)>,
    pub warnings: Vec<String>,
    /// Names and times of templates that are not built in.
    templates: String,
    workspace: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub gates: BTreeMap<Stage, Policy>,
    pub limits: Limits,
    pub budget: Budget,
    #[serde(default)]
    pub moderation: Moderation,
    #[serde(default)]
    pub hooks: Vec<Hook>,
}

/// Whether a person may pass what was refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    pub allow_override: bool,
}

/// Who is told what happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    pub on: Vec<String>,
    pub target: HookTarget,
}

#[derive(Debug, Clone, PartialEq)]
pub enum HookTarget {
    Post {
        url: String,
        /// The environment variable that holds the secret its body is signed with.
        secret_env: Option<String>,
    },
    /// A program and its arguments; the event comes on stdin.
    Exec(Vec<String>),
}

/// What hooks can be told of.
pub const HOOK_EVENTS: [&str; 8] = [
    "gate.opened",
    "gate.decided",
    "stage.completed",
    "run.completed",
    "run.failed",
    "run.cancelled",
    "budget.warning",
    "budget.refused",
];

impl<'de> Deserialize<'de> for Hook {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            on: Vec<String>,
            #[serde(default)]
            post: Option<String>,
            #[serde(default)]
            secret_env: Option<String>,
            #[serde(default)]
            exec: Option<Vec<String>>,
        }
        let written = Written::deserialize(from)?;
        for event in &written.on {
            if !HOOK_EVENTS.contains(&event.as_str()) {
                return Err(D::Error::custom(format!(
                    "hooks: `{event}` is no event; events are {}",
                    HOOK_EVENTS.join(", ")
                )));
            }
        }
        let target = match (written.post, written.exec) {
            (Some(url), None) if url.starts_with("http://") || url.starts_with("https://") => {
                HookTarget::Post {
                    url,
                    secret_env: written.secret_env,
                }
            }
            (Some(url), None) => {
                return Err(D::Error::custom(format!(
                    "hooks: `{url}` is no http or https address"
                )));
            }
            (None, Some(words)) if !words.is_empty() && written.secret_env.is_none() => {
                HookTarget::Exec(words)
            }
            _ => {
                return Err(D::Error::custom(
                    "hooks: a hook has either `post` (with `secret_env`, if it is signed) or `exec: [program, arguments]`",
                ));
            }
        };
        Ok(Hook {
            on: written.on,
            target,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub max_regenerations: u64,
    /// Seconds a stage may go on without any progress.
    pub stage_timeout_s: u64,
    /// The same for single stages.
    #[serde(default)]
    pub stage_timeouts_s: BTreeMap<Stage, u64>,
    pub attempts: u32,
    pub workers: Workers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    Auto,
    Count(usize),
}

impl<'de> Deserialize<'de> for Workers {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        match (&value, value.as_u64()) {
            (Value::String(s), _) if s == "auto" => Ok(Workers::Auto),
            (_, Some(n)) if (1..=256).contains(&n) => Ok(Workers::Count(n as usize)),
            _ => Err(serde::de::Error::custom(
                "workers is `auto` or a number from 1 to 256",
            )),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub currency: String,
    pub per_run: f64,
    pub per_month: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Providers {
    pub providers: BTreeMap<String, Provider>,
    pub roles: BTreeMap<String, String>,
}

/// What a provider can be.
pub const KINDS: [&str; 7] = [
    "animatic",
    "command",
    "comfyui",
    "openai",
    "piper",
    "replicate",
    "runpod",
];

/// One provider of `conf/providers.yaml`: where it is, what it can do, what it takes for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub kind: String,
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    pub api_key_env: Option<String>,
    #[serde(default)]
    pub models: BTreeMap<String, String>,
    /// `concurrency`, `per_minute`, `timeout_s`, `gpu_seconds`, `image_tokens`.
    #[serde(default)]
    pub limits: BTreeMap<String, u64>,
    #[serde(default)]
    pub prices: Prices,
    /// How the most tokens of an answer are called: `max_completion_tokens`, or `max_tokens`.
    #[serde(default)]
    pub tokens_field: Option<String>,
    /// Whether it takes a JSON schema for its answers.
    #[serde(default)]
    pub schema: Option<bool>,
    /// `b64` where pictures must be asked for in the answer itself.
    #[serde(default)]
    pub image_reply: Option<String>,
    /// Picture sizes it takes, `1536x1024`; the nearest shape is asked for and cropped.
    #[serde(default)]
    pub sizes: Vec<String>,
    /// Voices by part: `narrator`, `woman`, `old_man`, or by a person's id.
    #[serde(default)]
    pub voices: BTreeMap<String, String>,
    /// Whether it is shown the sheets of the people and the place of a shot; said to be false, a film
    /// with people is made only after a person's yes.
    #[serde(default)]
    pub references: Option<bool>,
    /// Languages it speaks, where that is known: a film in another is not asked of it.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The longest clip it makes, where that is known: a longer shot holds its last frame, after a yes.
    #[serde(default)]
    pub most_seconds: Option<f64>,
    /// Whether it is shown the house's drawing of the shot, to keep its composition.
    #[serde(default)]
    pub guide: bool,
    /// Our names of what is asked (`prompt`, `width`, `image`, …) and the model's.
    #[serde(default)]
    pub input: BTreeMap<String, String>,
    /// What is sent besides, as it stands.
    #[serde(default)]
    pub fixed: BTreeMap<String, serde_json::Value>,
    /// Where the result stands in the answer, `[0]` or `image_url`; at ComfyUI the node.
    #[serde(default)]
    pub output: Option<String>,
    /// A ComfyUI workflow in API format, from the workspace.
    #[serde(default)]
    pub workflow: Option<String>,
    /// Our names and where they go in the workflow: `prompt: "6.text"`.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
    /// A program and its arguments.
    #[serde(default)]
    pub run: Vec<String>,
}

/// What a provider takes, by role and unit; `free`, or nothing said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum Prices {
    #[default]
    Unsaid,
    Word(String),
    Table(BTreeMap<String, BTreeMap<String, Amount>>),
}

/// A decimal, written as a number or as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    Number(f64),
    Text(String),
}

impl Provider {
    /// Whether nothing it does is paid: the house, a program of one's own, a server on this machine.
    pub fn is_free(&self) -> bool {
        match &self.prices {
            Prices::Word(_) => true,
            Prices::Table(_) => false,
            Prices::Unsaid => self.is_local(),
        }
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        let Some(text) = self.base_url.as_deref() else {
            return matches!(
                self.kind.as_str(),
                "animatic" | "command" | "piper" | "comfyui"
            );
        };
        match url::Url::parse(text).ok().as_ref().and_then(url::Url::host) {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// What something is reckoned at before it is asked for. Time on a graphics card is not known before:
    /// it counts as `limits.gpu_seconds`, or half a minute; so do the tokens of a picture as `limits.image_tokens`,
    /// or as many as one of the finest takes.
    ///
    /// # Errors
    /// As [`Provider::tariff`].
    pub fn reckon(&self, role: &str, measure: &Measure) -> Result<Money, String> {
        let gpu_seconds = self.limit("gpu_seconds").unwrap_or(30) as f64;
        let mut measure = Measure {
            gpu_seconds,
            ..*measure
        };
        if measure.images > 0 && measure.output_tokens == 0 {
            measure.output_tokens = measure.images * self.limit("image_tokens").unwrap_or(6240);
        }
        let tariff = self.tariff(role)?;
        if tariff.is_blind_to(&measure) {
            return Err(format!(
                "the price of `{role}` is only known when it was made: say `per_call` beside it, by which it is \
                 reckoned before"
            ));
        }
        Ok(tariff.price(&measure))
    }

    /// What it takes for a role.
    ///
    /// # Errors
    /// No price where one must be, or a unit that is none.
    pub fn tariff(&self, role: &str) -> Result<Tariff, String> {
        let table = match &self.prices {
            // What a kind of film asks is words like any other.
            Prices::Table(table) => match (table.get(role), role) {
                (None, "own") => table.get("text"),
                (found, _) => found,
            },
            _ if self.is_free() => return Ok(Tariff::default()),
            _ => None,
        };
        let Some(units) = table else {
            return Err(format!(
                "no price is said for `{role}`; say `prices: free` if it costs nothing"
            ));
        };
        if units.is_empty() {
            return Err(format!(
                "the price list for `{role}` is empty; say `prices: free` if it costs nothing"
            ));
        }
        let mut out = Tariff::default();
        for (unit, amount) in units {
            let amount = match amount {
                Amount::Number(n) if *n >= 0.0 && n.is_finite() => Money::from_float(*n),
                Amount::Text(text) => Money::parse(text)?,
                Amount::Number(n) => return Err(format!("`{n}` is no price")),
            };
            if amount == Money::ZERO {
                return Err(format!(
                    "{role}.{unit}: a price of nought is a missing price"
                ));
            }
            out.set(unit, amount)?;
        }
        Ok(out)
    }

    pub fn limit(&self, name: &str) -> Option<u64> {
        self.limits.get(name).copied()
    }

    /// What is wrong with how it is described.
    fn problems(&self, name: &str) -> Vec<String> {
        let mut out = Vec::new();
        if !KINDS.contains(&self.kind.as_str()) {
            let near = nearest(&self.kind, KINDS);
            let known = near.map_or_else(
                || format!("kinds are {}", KINDS.join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            out.push(format!(
                "providers.{name}: `{}` is not a kind; {known}",
                self.kind
            ));
            return out;
        }
        for limit in self.limits.keys() {
            if ![
                "concurrency",
                "gpu_seconds",
                "image_tokens",
                "per_minute",
                "timeout_s",
            ]
            .contains(&limit.as_str())
            {
                out.push(format!("providers.{name}.limits: `{limit}` is no limit; limits are concurrency, gpu_seconds, image_tokens, per_minute, timeout_s"));
            }
        }
        if self.limits.values().any(|v| *v == 0) {
            out.push(format!("providers.{name}.limits: a limit is at least 1"));
        }
        let needs_address = matches!(self.kind.as_str(), "openai" | "runpod" | "comfyui");
        if needs_address && self.base_url.is_none() {
            out.push(format!(
                "providers.{name}: a provider of kind {} needs a `base_url`",
                self.kind
            ));
        }
        if self.kind == "command" && self.run.is_empty() {
            out.push(format!(
                "providers.{name}: a command needs `run: [program, arguments]`"
            ));
        }
        if self.kind == "comfyui" && self.workflow.is_none() {
            out.push(format!("providers.{name}: ComfyUI needs a `workflow` file"));
        }
        if let Some(url) = &self.base_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            out.push(format!(
                "providers.{name}: `{url}` is no http or https address"
            ));
        }
        if let Prices::Word(word) = &self.prices
            && word != "free"
        {
            out.push(format!(
                "providers.{name}.prices is a table or `free`, not `{word}`"
            ));
        }
        if let Prices::Table(table) = &self.prices {
            for role in table.keys() {
                if let Err(why) = self.tariff(role) {
                    out.push(format!("providers.{name}.prices: {why}"));
                }
            }
        }
        out
    }
}

pub const ROLES: [&str; 8] = [
    "text",
    "own",
    "image",
    "inpaint",
    "video",
    "voice",
    "music",
    "moderation",
];

impl Settings {
    /// Reads all layers for a workspace.
    pub fn load(workspace: &Path) -> Result<Settings> {
        let mut origins = BTreeMap::new();
        let operator = merged(
            "operator.yaml",
            OPERATOR,
            workspace,
            &mut origins,
            &["stage_timeouts_s"],
        )?;
        let providers = merged(
            "providers.yaml",
            PROVIDERS,
            workspace,
            &mut origins,
            &["providers"],
        )?;
        let invalid = |file: &str, e: serde_yaml::Error| {
            Failure::new(Exit::Invalid, e.to_string())
                .at(format!("conf/{file}"), 0, 0)
                .hint("`greenlight config show` names where each value comes from")
        };
        let operator: Operator =
            serde_yaml::from_value(operator).map_err(|e| invalid("operator.yaml", e))?;
        let providers: Providers =
            serde_yaml::from_value(providers).map_err(|e| invalid("providers.yaml", e))?;
        let mut problems = unknown_variables();
        for (name, provider) in &providers.providers {
            provider
                .api_key_env
                .iter()
                .for_each(|v| secret::remember(v));
            let wrong = provider.problems(name);
            problems.extend(
                wrong
                    .into_iter()
                    .map(|w| Problem::new(w).at("conf/providers.yaml", 0, 0)),
            );
        }
        for (role, name) in &providers.roles {
            if !ROLES.contains(&role.as_str()) {
                problems.push(
                    Problem::new(format!("`{role}` is not a role"))
                        .at("conf/providers.yaml", 0, 0)
                        .hint(format!("roles are {}", ROLES.join(", "))),
                );
            }
            if !providers.providers.contains_key(name) {
                let known: Vec<&str> = providers.providers.keys().map(String::as_str).collect();
                problems.push(
                    Problem::new(format!("roles.{role}: there is no provider `{name}`"))
                        .at("conf/providers.yaml", 0, 0)
                        .hint(format!("providers are {}", known.join(", "))),
                );
            }
        }
        if !(operator.budget.per_run.is_finite()
            && operator.budget.per_run >= 0.0
            && operator.budget.per_month.is_finite())
        {
            problems.push(
                Problem::new("budget: amounts are decimal numbers from 0").at(
                    "conf/operator.yaml",
                    0,
                    0,
                ),
            );
        }
        if !problems.is_empty() {
            return Err(Failure::of(Exit::Invalid, problems).into());
        }
        for hook in &operator.hooks {
            if let HookTarget::Post {
                secret_env: Some(variable),
                ..
            } = &hook.target
            {
                secret::remember(variable);
            }
        }
        let warnings = operator
            .gates
            .iter()
            .filter_map(|(s, p)| p.warning(*s))
            .collect();
        Ok(Settings {
            operator,
            providers,
            templates: templates(workspace),
            workspace: workspace.to_owned(),
            origins: origins.into_iter().map(|(k, (v, o))| (k, v, o)).collect(),
            warnings,
        })
    }

    pub fn policy(&self, stage: Stage) -> Policy {
        self.operator.gates.get(&stage).copied().unwrap_or(Policy {
            required: true,
            auto_approve: false,
            auto_approve_after_s: None,
        })
    }

    /// Changes with every setting, and with every template of the workspace and the user.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, value, _) in &self.origins {
            hasher.update(name.as_bytes());
            hasher.update(value.as_bytes());
            hasher.update(b"\n");
        }
        hasher.update(self.templates.as_bytes());
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// The piper voices of the offline house, best first: `models: { voice: FILE.onnx, voice_de: … }`.
    /// A path stands as it is written, or from the workspace.
    pub fn voice_models(&self) -> Vec<PathBuf> {
        let house = self
            .providers
            .providers
            .values()
            .filter(|p| p.kind == "animatic");
        house
            .flat_map(|p| &p.models)
            .filter(|(name, _)| name.starts_with("voice"))
            .map(|(_, file)| self.workspace.join(file))
            .collect()
    }

    /// How long a stage may go on without any progress.
    pub fn timeout(&self, stage: Stage) -> std::time::Duration {
        let limits = &self.operator.limits;
        let seconds = limits.stage_timeouts_s.get(&stage);
        std::time::Duration::from_secs(*seconds.unwrap_or(&limits.stage_timeout_s))
    }

    pub fn workers(&self, asked: Option<usize>) -> usize {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        asked.unwrap_or(match self.operator.limits.workers {
            Workers::Auto => cores,
            Workers::Count(n) => n,
        })
    }
}

/// Checks that a role is given to a provider that is described (exit 2).
pub fn check_role(providers: &Providers, role: &str, name: &str) -> Result<(), Failure> {
    let wrong = |what: &str, known: Vec<&str>| {
        Err(Failure::new(Exit::Usage, what).hint(format!("known are {}", known.join(", "))))
    };
    if !ROLES.contains(&role) {
        return wrong(&format!("`{role}` is not a role"), ROLES.to_vec());
    }
    if !providers.providers.contains_key(name) {
        let known = providers.providers.keys().map(String::as_str).collect();
        return wrong(&format!("there is no provider `{name}`"), known);
    }
    Ok(())
}

/// The user's configuration folder, `~/.config/greenlight` on Linux.
pub fn user_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "greenlight").map(|d| d.config_dir().to_owned())
}

/// The user's data folder, where a downloaded FFmpeg goes.
pub fn data_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "greenlight").map(|d| d.data_dir().to_owned())
}

/// Where notes are kept that can be made again.
pub fn cache_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "greenlight").map(|d| d.cache_dir().to_owned())
}

/// What tells whether a template of the workspace or the user changed.
fn templates(workspace: &Path) -> String {
    let places = [Some(workspace.to_owned()), user_folder()];
    let mut seen: Vec<String> = places
        .into_iter()
        .flatten()
        .filter_map(|place| std::fs::read_dir(place.join("templates")).ok())
        .flat_map(Iterator::flatten)
        .map(|entry| {
            let at = entry.metadata().and_then(|m| m.modified()).ok();
            format!("{}{at:?}", entry.path().display())
        })
        .collect();
    seen.sort();
    seen.join("\n")
}

type Origins = BTreeMap<String, (String, String)>;

/// Lays the layers of one file over each other. `free` names maps whose keys are the user's own.
fn merged(
    file: &str,
    built_in: &str,
    workspace: &Path,
    origins: &mut Origins,
    free: &[&str],
) -> Result<Value> {
    let mut tree: Value = serde_yaml::from_str(built_in).context("the built-in configuration")?;
    leaves(&tree, "", &mut |k, v| {
        origins.insert(k, (v, "built in".to_owned()));
    });
    let known = tree.clone();
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(user_folder().map(|f| f.join("conf").join(file)));
    places.push(workspace.join("conf").join(file));
    for place in places {
        let Ok(text) = std::fs::read_to_string(&place) else {
            continue;
        };
        let shown = place.display().to_string();
        let layer: Value = serde_yaml::from_str(&text).map_err(|e| {
            let (line, column) = e.location().map_or((0, 0), |l| (l.line(), l.column()));
            Failure::new(Exit::Invalid, e.to_string()).at(shown.clone(), line, column)
        })?;
        let mut problems = Vec::new();
        unknown_keys(
            &layer,
            &known,
            &mut Vec::new(),
            free,
            &text,
            &shown,
            &mut problems,
        );
        if !problems.is_empty() {
            return Err(Failure::of(Exit::Invalid, problems).into());
        }
        leaves(&layer, "", &mut |k, v| {
            origins.insert(k, (v, shown.clone()));
        });
        lay_over(&mut tree, layer);
    }
    for (name, value) in std::env::vars() {
        let Some(path) = name
            .strip_prefix("GREENLIGHT_")
            .filter(|p| p.contains("__"))
        else {
            continue;
        };
        let keys: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        let mut at = Some(&known);
        for key in &keys {
            at = at.and_then(|v| v.get(key));
        }
        if at.is_none() {
            continue;
        }
        let mut layer: Value = serde_yaml::from_str(&value).unwrap_or(Value::String(value.clone()));
        for key in keys.iter().rev() {
            let mut map = serde_yaml::Mapping::new();
            map.insert(Value::String(key.clone()), layer);
            layer = Value::Mapping(map);
        }
        origins.insert(keys.join("."), (value, format!("${name}")));
        lay_over(&mut tree, layer);
    }
    Ok(tree)
}

/// Variables that look like settings and are none.
fn unknown_variables() -> Vec<Problem> {
    let trees: Vec<Value> = [OPERATOR, PROVIDERS]
        .into_iter()
        .filter_map(|text| serde_yaml::from_str(text).ok())
        .collect();
    let mut names = Vec::new();
    for tree in &trees {
        leaves(tree, "", &mut |name, _| names.push(name));
    }
    let known = |keys: &[String]| {
        trees.iter().any(|tree| {
            let mut at = Some(tree);
            for key in keys {
                at = at.and_then(|v| v.get(key));
            }
            at.is_some()
        })
    };
    std::env::vars()
        .filter_map(|(name, _)| {
            let path = name.strip_prefix("GREENLIGHT_")?;
            let keys: Vec<String> = path.split("__").map(str::to_lowercase).collect();
            if keys.len() < 2 || known(&keys) {
                return None;
            }
            let problem = Problem::new(format!("${name} is not a setting"));
            let typed = keys.join(".");
            Some(match nearest(&typed, names.iter().map(String::as_str)) {
                Some(near) => {
                    let variable = near.to_uppercase().replace('.', "__");
                    problem.hint(format!("did you mean GREENLIGHT_{variable}?"))
                }
                None => problem.hint("`greenlight config show` lists all settings"),
            })
        })
        .collect()
}

fn lay_over(base: &mut Value, layer: Value) {
    match (base, layer) {
        (Value::Mapping(base), Value::Mapping(layer)) => {
            for (key, value) in layer {
                match base.get_mut(&key) {
                    Some(old) => lay_over(old, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, layer) => *base = layer,
    }
}

fn leaves(tree: &Value, path: &str, found: &mut impl FnMut(String, String)) {
    match tree {
        Value::Mapping(map) => {
            for (key, value) in map {
                let key = key.as_str().unwrap_or("?");
                let path = if path.is_empty() {
                    key.to_owned()
                } else {
                    format!("{path}.{key}")
                };
                leaves(value, &path, found);
            }
        }
        value => found(
            path.to_owned(),
            serde_yaml::to_string(value)
                .unwrap_or_default()
                .trim()
                .to_owned(),
        ),
    }
}

fn unknown_keys(
    layer: &Value,
    known: &Value,
    path: &mut Vec<String>,
    free: &[&str],
    text: &str,
    file: &str,
    problems: &mut Vec<Problem>,
) {
    let (Value::Mapping(layer), Value::Mapping(known)) = (layer, known) else {
        return;
    };
    if path.iter().any(|p| free.contains(&p.as_str())) {
        return;
    }
    for (key, value) in layer {
        let name = key.as_str().unwrap_or("?");
        match known.get(key) {
            Some(below) => {
                path.push(name.to_owned());
                unknown_keys(value, below, path, free, text, file, problems);
                path.pop();
            }
            None => {
                let mut p = Problem::new(format!("`{name}` is not a setting")).at(
                    file,
                    line_of(text, name),
                    0,
                );
                let names: Vec<&str> = known.keys().filter_map(Value::as_str).collect();
                p = p.hint(match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("settings here are {}", names.join(", ")),
                });
                problems.push(p);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_valid() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::load(dir.path()).unwrap();
        assert_eq!(settings.operator.gates.len(), 7);
        assert_eq!(settings.providers.roles.len(), ROLES.len());
    }

    #[test]
    fn unknown_settings_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let conf = dir.path().join("conf");
        std::fs::create_dir(&conf).unwrap();
        std::fs::copy("conf/operator.yaml", conf.join("operator.yaml")).unwrap();
        crate::store::disk::write_scratch(
            &conf.join("operator.yaml"),
            b"limits:\n  max_workers: 4\n",
        )
        .unwrap();
        let e = Settings::load(dir.path()).unwrap_err();
        let f = e.downcast_ref::<Failure>().unwrap();
        assert_eq!(f.exit, Exit::Invalid);
        assert_eq!(
            f.problems[0].hint.as_deref(),
            Some("did you mean `workers`?")
        );
    }
}
