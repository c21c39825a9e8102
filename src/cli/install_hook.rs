//! `unbroken install-hook`

use std::fs;
use std::io;
use std::path::Path;

use super::ci_arguments::{HookStage, InstallHookOptions};
use super::inspect::here;
use super::output::{CommandError, print, write_file};
use crate::source::{HooksFolder, Reach, Repository};

/// What a hook of ours contains, and another's does not.
const OURS: &str = "# Installed by `unbroken install-hook";

/// Has git ask us before a commit or a push.
pub(super) fn run(options: &InstallHookOptions) -> Result<u8, CommandError> {
    let InstallHookOptions { stage, force } = options;
    let (folder, environment) = here()?;
    let HooksFolder { path, reach } = Repository::open(&folder, &environment)?.hooks_folder()?;
    if reach == Reach::Shared && !force {
        let path = path.display();
        return Err(CommandError::Usage(format!(
            "core.hooksPath is {path}, which other repositories may share; use --force to install there"
        )));
    }
    let file = path.join(stage.file_name());
    let theirs = match fs::read(&file) {
        Ok(bytes) => !String::from_utf8_lossy(&bytes).contains(OURS),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(&file, &error)),
    };
    if theirs && !force {
        let (file, line) = (file.display(), stage.command());
        return Err(CommandError::Usage(format!(
            "{file} exists; add the line `{line}` to it, or use --force to replace it"
        )));
    }
    fs::create_dir_all(&path).map_err(|error| failed(&path, &error))?;
    write_file(&file, &stage.script())?;
    make_executable(&file).map_err(|error| failed(&file, &error))?;
    print(&format!("installed {}\n", file.display()))
}

impl HookStage {
    /// As git calls it.
    fn file_name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
        }
    }

    /// What the hook runs.
    fn command(self) -> &'static str {
        match self {
            Self::PreCommit => "unbroken check --staged --hook",
            Self::PrePush => "unbroken check --hook",
        }
    }

    /// The hook. git runs it with the shell that it brings along, on every system.
    fn script(self) -> String {
        let name = self.file_name();
        let body = match self {
            Self::PreCommit => "exec unbroken check --staged --hook\n",
            // githooks(5): a line for each ref that is pushed; no id means deleted, or new there.
            Self::PrePush => {
                "worst=0\n\
                 while read -r _ local _ remote; do\n  \
                 case $local in *[!0]*) ;; *) continue ;; esac\n  \
                 if git cat-file -e \"$remote^{commit}\" 2>/dev/null; then\n    \
                 PRE_COMMIT_FROM_REF=$remote PRE_COMMIT_TO_REF=$local unbroken check --hook\n  \
                 else\n    \
                 unbroken check --hook --head \"$local\"\n  \
                 fi\n  \
                 code=$?\n  \
                 if [ \"$code\" -gt \"$worst\" ]; then worst=$code; fi\n\
                 done\n\
                 exit \"$worst\"\n"
            }
        };
        format!(
            "#!/bin/sh\n{OURS} --stage {name}`. Remove this file to be rid of it.\n\
             if ! command -v unbroken >/dev/null; then\n  \
             echo \"unbroken is not on PATH: install it, or remove $0\" >&2\n  \
             exit 3\n\
             fi\n{body}"
        )
    }
}

#[cfg(unix)]
fn make_executable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> io::Result<()> {
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> CommandError {
    CommandError::Write { path: path.display().to_string(), reason: error.to_string() }
}
