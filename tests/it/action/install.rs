//! Where the program comes from.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::can_run;
use super::runner::Runner;
use super::scene::{Scene, contract};

const ARCHIVE: &str = "unbroken-x86_64-unknown-linux-musl.tar.gz";

/// A copy of the action's files whose release is at the scene's server.
struct Release {
    folder: PathBuf,
    version: String,
}

impl Release {
    /// Packs the tested program and writes `digest`, or the right one.
    fn new(home: &Path, digest: Option<&str>) -> (Self, Vec<u8>) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = home.join("action");
        fs::create_dir_all(folder.join(".github/action")).unwrap();
        for file in ["Cargo.toml", "action.yml"] {
            fs::copy(source.join(file), folder.join(file)).unwrap();
        }
        for file in fs::read_dir(source.join(".github/action")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.join(".github/action").join(file.file_name())).unwrap();
        }
        let program = Path::new(env!("CARGO_BIN_EXE_unbroken"));
        let archives = home.join("archives");
        fs::create_dir_all(&archives).unwrap();
        let archive = archives.join(ARCHIVE);
        let packed = Command::new("tar")
            .arg("-czf")
            .arg(&archive)
            .arg("-C")
            .args([program.parent().unwrap(), Path::new("unbroken")])
            .status();
        assert!(packed.unwrap().success());
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let script = folder.join(".github/action/checksums.sh");
        let written = Command::new("bash").arg(script).arg(&version).arg(&archives).status();
        assert!(written.unwrap().success());
        if let Some(digest) = digest {
            let list = folder.join(".github/action/checksums.txt");
            let text = fs::read_to_string(&list).unwrap();
            let line = text.lines().last().unwrap();
            fs::write(&list, text.replace(&line[..64], digest)).unwrap();
        }
        (Self { folder, version }, fs::read(archive).unwrap())
    }
}

/// A job on a machine that has no program yet.
fn bare(scene: &Scene, release: &Release) -> Runner {
    let mut runner = scene.pull_request().input("comment", "never");
    runner.path.clear();
    runner.action.clone_from(&release.folder);
    runner
}

fn scene() -> Scene {
    Scene::new(&contract(&["id"]), &contract(&["id", "total"]))
}

fn url(release: &Release) -> String {
    format!("GET /acme/unbroken/releases/download/v{}/{ARCHIVE}", release.version)
}

#[test]
fn the_release_is_taken_once_and_only_with_its_digest() {
    if !can_run() {
        return;
    }
    let scene = scene();
    let home = tempfile::tempdir().unwrap();
    let (release, archive) = Release::new(home.path(), None);
    scene.api.answer(&url(&release), 200, archive);
    let run = bare(&scene, &release).run();
    assert_eq!(run.code, 0, "{}", run.log);
    // The next job on this machine finds it.
    assert_eq!(bare(&scene, &release).run().code, 0);
    assert_eq!(scene.api.received().len(), 1);
}

#[test]
fn the_runner_s_folders_may_be_those_of_windows() {
    if !can_run() {
        return;
    }
    let scene = scene();
    let home = tempfile::tempdir().unwrap();
    let (release, archive) = Release::new(home.path(), None);
    scene.api.answer(&url(&release), 200, archive);
    // There a path begins with a letter and a colon, which tar takes for the name of a host, and goes on
    // with backslashes, which sha256sum notes before the digest.
    let temporary = "D:\\a\\_temp";
    let runner = bare(&scene, &release).with("RUNNER_TEMP", temporary);
    fs::create_dir_all(runner.workspace.join(temporary)).unwrap();
    let run = runner.run();
    assert_eq!(run.code, 0, "{}", run.log);
    assert!(!run.log.contains("building it"), "{}", run.log);
    // The other steps keep their files there too.
    scene.api.answer("GET /repos/acme/shop/issues/812/comments?per_page=100&page=1", 200, "[]");
    scene.api.answer("POST /repos/acme/shop/issues/812/comments", 201, "{}");
    let runner = scene.pull_request().with("RUNNER_TEMP", temporary).input("comment", "always");
    fs::create_dir_all(runner.workspace.join(temporary)).unwrap();
    let run = runner.run();
    assert_eq!(run.code, 0, "{}", run.log);
    assert_eq!(scene.api.writes().len(), 1, "{}", run.log);
}

#[test]
fn a_release_with_another_digest_is_never_run() {
    if !can_run() {
        return;
    }
    let scene = scene();
    let home = tempfile::tempdir().unwrap();
    let (release, archive) = Release::new(home.path(), Some(&"0".repeat(64)));
    scene.api.answer(&url(&release), 200, archive);
    let run = bare(&scene, &release).run();
    assert_eq!(run.code, 4, "{}", run.log);
    assert!(run.log.contains("is not the file whose SHA-256 is committed"), "{}", run.log);
    assert!(!run.log.contains("unbroken-report"), "{}", run.log);
}

#[test]
fn without_a_release_it_is_built_and_that_is_said() {
    if !can_run() {
        return;
    }
    let scene = scene();
    let home = tempfile::tempdir().unwrap();
    let (release, _) = Release::new(home.path(), None);
    // A stand-in for cargo: it installs the program that is tested where it is told to.
    let tools = home.path().join("bin");
    fs::create_dir_all(&tools).unwrap();
    let program = env!("CARGO_BIN_EXE_unbroken");
    let script = format!(
        "#!/bin/sh\n[ \"$1 $3 $4\" = 'install --locked --path' ] || exit 9\n\
         while [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\ncp '{program}' \"$2/bin/unbroken\"\n"
    );
    let cargo = tools.join("cargo");
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let mut runner = bare(&scene, &release);
    runner.path.push(tools);
    let run = runner.run();
    assert_eq!(run.code, 0, "{}", run.log);
    assert!(run.log.contains("building it from the action's own source"), "{}", run.log);
}
