//! What stands in a file outside of everything else.

use super::{Ends, Fault, Parsed, Parser};
use crate::load::ProblemKind;
use crate::load::protobuf::lexer::TokenKind;
use crate::load::protobuf::syntax::{Edition, Import, ImportKind, ProtoFile, Word};
use crate::model::Visibility;
use crate::source::Span;

/// How long the name of a package may be.
const MAX_PACKAGE: usize = 512;

impl<'t> Parser<'t> {
    /// The whole file.
    pub(super) fn file(&mut self) -> ProtoFile<'t> {
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let mut file = ProtoFile::empty(self.file, length);
        let mut first = true;
        while self.next.kind != TokenKind::End {
            if self.eat_symbol(";") {
                self.note_end(Ends::Nothing);
                first = false;
                continue;
            }
            let result = self.file_statement(&mut file, first);
            first = false;
            if let Err(fault) = result {
                // What cannot begin a statement must be stepped over, or nothing would move.
                let stuck = fault.span.start == self.next.start && self.at_symbol("}");
                self.report(fault);
                self.nesting = 0;
                if stuck {
                    self.advance();
                } else {
                    self.recover(0);
                }
            }
        }
        file
    }

    fn file_statement(&mut self, file: &mut ProtoFile<'t>, first: bool) -> Parsed<()> {
        if self.next.kind != TokenKind::Word {
            return Err(self.unexpected("a declaration"));
        }
        match self.next.text {
            "syntax" | "edition" => self.edition(file, first),
            "package" => self.package(file),
            "import" => {
                let import = self.import()?;
                file.imports.push(import);
                Ok(())
            }
            "option" => {
                let option = self.option_statement()?;
                file.options.push(option);
                Ok(())
            }
            "service" => {
                let service = self.service()?;
                file.services.push(service);
                Ok(())
            }
            "message" | "enum" | "extend" | "export" | "local" => {
                self.nested_declaration(&mut file.scope)
            }
            _ => Err(self.unexpected("a declaration")),
        }
    }

    fn edition(&mut self, file: &mut ProtoFile<'t>, first: bool) -> Parsed<()> {
        let keyword = self.advance();
        self.expect_symbol("=")?;
        let (name, span) = self.quoted_name("the name of a syntax or edition")?;
        let part = |message: String| Fault { kind: ProblemKind::Part, message, span };
        if !first {
            return Err(part(format!("`{}` must be the first statement", keyword.text)));
        }
        self.edition = match (keyword.text, name.as_str()) {
            ("syntax", "proto2") => Edition::Proto2,
            ("syntax", "proto3") => Edition::Proto3,
            ("edition", "2023") => Edition::Edition2023,
            ("edition", "2024") => Edition::Edition2024,
            ("edition", "2026") => Edition::Edition2026,
            ("edition", newer) if newer.len() == 4 && newer > "2026" => {
                let message = format!("edition `{newer}` is not known; read by the rules of 2026");
                self.report(Fault { kind: ProblemKind::Warning, message, span });
                Edition::Edition2026
            }
            (keyword, _) => return Err(part(format!("the {keyword} `{name}` is not known"))),
        };
        (file.edition, file.edition_span) = (self.edition, span);
        self.end_statement(Ends::Statement(keyword.start))
    }

    fn package(&mut self, file: &mut ProtoFile<'t>) -> Parsed<()> {
        let start = self.advance().start;
        // Other names may begin with a dot; a package's would name nothing that could be found.
        if self.at_symbol(".") {
            return Err(self.unexpected("the name of a package"));
        }
        let name = self.dotted("the name of a package")?;
        if name.text.len() > MAX_PACKAGE {
            let message = format!("the name of a package has more than {MAX_PACKAGE} characters");
            self.report(Fault { kind: ProblemKind::Part, message, span: name.span });
        }
        if file.package.is_some() {
            let message = "this file has two packages".to_owned();
            return Err(Fault { kind: ProblemKind::Part, message, span: name.span });
        }
        file.package = Some(name);
        self.end_statement(Ends::Statement(start))
    }

    fn import(&mut self) -> Parsed<Import> {
        let start = self.advance().start;
        let kind = match (self.next.kind, self.next.text) {
            (TokenKind::Word, "public") => ImportKind::Public,
            (TokenKind::Word, "weak") => ImportKind::Weak,
            (TokenKind::Word, "option") => ImportKind::Option,
            _ => ImportKind::Plain,
        };
        if kind != ImportKind::Plain {
            self.advance();
        }
        let (path, span) = self.quoted_name("the path of a file")?;
        let told = match kind {
            ImportKind::Weak if self.edition >= Edition::Edition2024 => {
                Some("since edition 2024 nothing is imported weakly")
            }
            ImportKind::Option if self.edition < Edition::Edition2024 => {
                Some("`import option` needs edition 2024")
            }
            ImportKind::Weak | ImportKind::Option | ImportKind::Plain | ImportKind::Public => None,
        };
        if let Some(message) = told {
            self.report(Fault { kind: ProblemKind::Part, message: message.to_owned(), span });
        }
        self.end_statement(Ends::Statement(start))?;
        Ok(Import { path, kind, span: self.since(start) })
    }

    /// Who may refer to the declaration that follows; only edition 2024 has the words for it.
    pub(super) fn visibility(&mut self) -> Option<(Visibility, Span)> {
        let followed = matches!(self.second().text, "message" | "enum");
        let visibility = match self.next.text {
            "export" if followed => Visibility::Export,
            "local" if followed => Visibility::Local,
            _ => return None,
        };
        let keyword = self.advance();
        let span = self.at(keyword);
        if self.edition < Edition::Edition2024 {
            let message = "`export` and `local` need edition 2024".to_owned();
            self.report(Fault { kind: ProblemKind::Part, message, span });
        }
        Some((visibility, span))
    }

    /// A name that something declares: one word.
    pub(super) fn declared_name(&mut self) -> Parsed<Word<'t>> {
        self.word("a name")
    }
}
