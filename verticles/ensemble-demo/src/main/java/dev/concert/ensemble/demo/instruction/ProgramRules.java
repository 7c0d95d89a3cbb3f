package dev.concert.ensemble.demo.instruction;

import dev.concert.ensemble.demo.program.Language;
import dev.concert.ensemble.demo.program.Program;
import dev.concert.ensemble.demo.program.ProgramWriter;
import dev.concert.ensemble.demo.task.RewriteProgram;
import dev.concert.ensemble.demo.task.RunCommand;
import dev.concert.ensemble.demo.task.RunTests;
import dev.concert.ensemble.demo.task.ShellText;
import dev.concert.ensemble.demo.task.Task;
import dev.concert.ensemble.demo.task.WriteFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/** Rules for sentences about programs, tests and commands. */
final class ProgramRules {
  private static final String PRINTS =
      "(?:prints?|shows?|writes?|outputs?|displays?|says?|computes?|calculates?|counts?)"
          + "(?: out)? (?<subject>.+)";
  private static final String RUN = "(?:run|execute|start)";

  private ProgramRules() {}

  static List<SentenceRule> all() {
    return List.of(
        SentenceRule.of(
            "(?:create|make|write|build|add)(?: me)?(?: an?)?(?: new)?"
                + "(?: (?<language>python|bash|shell))?(?: (?:program|script|file))?"
                + "(?: called| named)? FILE,? (?:that|which|to) "
                + PRINTS,
            ProgramRules::create),
        SentenceRule.of(
            "(?:create|make|write|build|add)(?: me)? an?(?: new)?(?: small| little| simple)?"
                + " (?<language>python|bash|shell) (?:program|script|file),? (?:that|which|to) "
                + PRINTS,
            ProgramRules::createUnnamed),
        SentenceRule.of(
            "(?:make|let|have|change|modify|update|edit) FILE,?(?: so that it| so it| to| that it)?"
                + " "
                + PRINTS,
            ProgramRules::rewrite),
        SentenceRule.of(
            RUN
                + "(?: all)?(?: of)?(?: the| my| its| our)?(?: unit)? ?tests?(?: suite)?(?:"
                + " again)?",
            (sentence, scope) -> Optional.of(List.of(new RunTests()))),
        SentenceRule.of(
            "test (?:it|everything|the (?:project|code|program))",
            (sentence, scope) -> Optional.of(List.of(new RunTests()))),
        SentenceRule.of(RUN + " FILE(?: again)?", ProgramRules::run),
        SentenceRule.of(
            RUN + "(?: the)?(?: shell| bash)?(?: command)?:? (?<command>.+)",
            (sentence, scope) ->
                Optional.of(List.of(new RunCommand(QuotedText.bare(sentence.group("command")))))));
  }

  private static Optional<List<Task>> create(Matcher sentence, FileReference scope) {
    return write(sentence, scope)
        .map(written -> List.of(new WriteFile(written.path(), written.source(), written.what())));
  }

  private static Optional<List<Task>> createUnnamed(Matcher sentence, FileReference scope) {
    Language language =
        sentence.group("language").toLowerCase(Locale.ROOT).equals("python")
            ? Language.PYTHON
            : Language.SHELL;
    String path = "program." + language.extension();
    return ProgramWriter.write(language, sentence.group("subject"))
        .map(program -> new Written(path, program.source(), program.description()))
        .map(
            written -> {
              scope.file(path);
              return List.of(new WriteFile(path, written.source(), written.what()));
            });
  }

  private static Optional<List<Task>> rewrite(Matcher sentence, FileReference scope) {
    return write(sentence, scope)
        .map(
            written ->
                List.of(
                    new RewriteProgram(written.path(), written.source(), written.what()),
                    new RunCommand(commandFor(written.path()).orElseThrow())));
  }

  private static Optional<Written> write(Matcher sentence, FileReference scope) {
    Optional<String> path = scope.file(sentence.group("file"));
    Optional<Language> language = path.flatMap(Language::ofPath);
    if (language.isEmpty()) {
      return Optional.empty();
    }
    Optional<Program> program = ProgramWriter.write(language.get(), sentence.group("subject"));
    return program.map(known -> new Written(path.get(), known.source(), known.description()));
  }

  private static Optional<List<Task>> run(Matcher sentence, FileReference scope) {
    return scope
        .file(sentence.group("file"))
        .flatMap(ProgramRules::commandFor)
        .map(command -> List.of(new RunCommand(command)));
  }

  /** How a file is run; empty when its name does not say. */
  private static Optional<String> commandFor(String path) {
    if (path.endsWith(".js") || path.endsWith(".mjs")) {
      return Optional.of("node " + ShellText.quoted(path));
    }
    return Language.ofPath(path)
        .map(language -> language.interpreter() + " " + ShellText.quoted(path));
  }

  private record Written(String path, String source, String what) {}
}
