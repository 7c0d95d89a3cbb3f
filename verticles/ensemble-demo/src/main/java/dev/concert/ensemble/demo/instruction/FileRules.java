package dev.concert.ensemble.demo.instruction;

import dev.concert.ensemble.demo.task.AppendLine;
import dev.concert.ensemble.demo.task.DeleteFile;
import dev.concert.ensemble.demo.task.EditFile;
import dev.concert.ensemble.demo.task.ListFiles;
import dev.concert.ensemble.demo.task.ReadFile;
import dev.concert.ensemble.demo.task.RunCommand;
import dev.concert.ensemble.demo.task.Search;
import dev.concert.ensemble.demo.task.ShellText;
import dev.concert.ensemble.demo.task.Task;
import dev.concert.ensemble.demo.task.WriteFile;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;

/** Rules for sentences about files and folders. */
final class FileRules {
  private static final String THERE = "(?: (?:in|of|under|below) FILE)?";

  private FileRules() {}

  static List<SentenceRule> all() {
    return List.of(
        SentenceRule.of("(?:ls|dir)", (sentence, scope) -> one(new ListFiles("."))),
        SentenceRule.of(
            "(?:(?:list|show)(?: me)?|what are)(?: all)?(?: of)?(?: the| my)?"
                + " (?:files|folders?|director(?:y|ies)|workspace)(?: contents?)?"
                + THERE,
            FileRules::list),
        SentenceRule.of(
            "(?:what|which) files (?:are|do) (?:there|here|you see)",
            (sentence, scope) -> one(new ListFiles("."))),
        SentenceRule.of(
            "(?:create|make)(?: an?)?(?: new)? (?:folder|directory)(?: called| named)? FILE",
            (sentence, scope) ->
                one(new RunCommand("mkdir -p -- " + ShellText.quoted(sentence.group("file"))))),
        SentenceRule.of(
            "(?:write|create|make|add|save)(?: me)?(?: an?)?(?: new)?(?: text| markdown)? ?(?<="
                + " )FILE,? (?:with|containing|that (?:contains|has))(?: the| an?)?(?:"
                + " (?:text|contents?|lines?|words?|sentence))?:? (?<text>.+)",
            FileRules::write),
        SentenceRule.of(
            "(?:create|make|touch)(?: an?)?(?: new)? (?:empty )?FILE",
            (sentence, scope) -> touch(sentence, scope)),
        SentenceRule.of(
            "(?:change|replace|rename|swap|substitute) (?<before>.+?) (?:to|with|by|into)"
                + " (?<after>.+?) in FILE",
            FileRules::edit),
        SentenceRule.of(
            "in FILE,? (?:change|replace) (?<before>.+?) (?:to|with|by|into) (?<after>.+)",
            FileRules::edit),
        SentenceRule.of(
            "(?:append|add)(?: the| an?)?(?: (?:line|text))? (?<text>.+?)"
                + " (?:to|at)(?: the end of)? FILE",
            FileRules::append),
        SentenceRule.of(
            "(?:search|look|grep|find)(?: for)?(?: the)?(?: (?:text|word))? (?<text>.+?)"
                + "(?: in (?:the )?(?:workspace|project|files|all files))?",
            (sentence, scope) -> one(new Search(QuotedText.bare(sentence.group("text")), "."))),
        SentenceRule.of(
            "(?:delete|remove|rm) FILE",
            (sentence, scope) -> onFile(sentence, scope, DeleteFile::new)),
        SentenceRule.of(
            "(?:read|show|open|print|cat|display|tell)(?: me)?(?: what)?(?: is in)?(?: the)?"
                + "(?: (?:contents?|text) of)? ?(?<= )FILE(?: says| again| to me)?",
            (sentence, scope) -> onFile(sentence, scope, ReadFile::new)),
        SentenceRule.of(
            "what(?: is|'s| does)(?: in)? FILE(?: says?| contains?)?",
            (sentence, scope) -> onFile(sentence, scope, ReadFile::new)));
  }

  /** A search in one file or folder; tried before the search of everything. */
  static SentenceRule searchIn() {
    return SentenceRule.of(
        "(?:search|look|grep|find)(?: for)?(?: the)?(?: (?:text|word))? (?<text>.+?)"
            + " in (?!(?:the )?(?:workspace|project|files|all files)$)FILE",
        (sentence, scope) ->
            onFile(
                sentence,
                scope,
                file -> new Search(QuotedText.bare(sentence.group("text")), file)));
  }

  private static Optional<List<Task>> list(Matcher sentence, FileReference scope) {
    String folder = sentence.group("file");
    boolean everything =
        folder == null
            || List.of("workspace", "folder", "directory", "project", "here").contains(folder);
    return one(new ListFiles(everything ? "." : folder));
  }

  private static Optional<List<Task>> write(Matcher sentence, FileReference scope) {
    String text = QuotedText.bare(sentence.group("text"));
    return onFile(
        sentence,
        scope,
        file -> new WriteFile(file, text.endsWith("\n") ? text : text + "\n", "with that text"));
  }

  private static Optional<List<Task>> touch(Matcher sentence, FileReference scope) {
    // "create something" is no file: without a dot in its name nobody meant one.
    return sentence.group("file").contains(".")
        ? onFile(sentence, scope, file -> new WriteFile(file, "", "which is empty"))
        : Optional.empty();
  }

  private static Optional<List<Task>> edit(Matcher sentence, FileReference scope) {
    return onFile(
        sentence,
        scope,
        file ->
            new EditFile(
                file,
                QuotedText.bare(sentence.group("before")),
                QuotedText.bare(sentence.group("after"))));
  }

  private static Optional<List<Task>> append(Matcher sentence, FileReference scope) {
    return onFile(
        sentence, scope, file -> new AppendLine(file, QuotedText.bare(sentence.group("text"))));
  }

  private static Optional<List<Task>> onFile(
      Matcher sentence, FileReference scope, Function<String, Task> task) {
    return scope.file(sentence.group("file")).map(file -> List.of(task.apply(file)));
  }

  private static Optional<List<Task>> one(Task task) {
    return Optional.of(List.of(task));
  }
}
