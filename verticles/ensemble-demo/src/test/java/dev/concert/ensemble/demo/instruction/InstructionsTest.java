package dev.concert.ensemble.demo.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.demo.task.AppendLine;
import dev.concert.ensemble.demo.task.AskUser;
import dev.concert.ensemble.demo.task.DeleteFile;
import dev.concert.ensemble.demo.task.EditFile;
import dev.concert.ensemble.demo.task.ListFiles;
import dev.concert.ensemble.demo.task.ReadFile;
import dev.concert.ensemble.demo.task.RewriteProgram;
import dev.concert.ensemble.demo.task.RunCommand;
import dev.concert.ensemble.demo.task.RunTests;
import dev.concert.ensemble.demo.task.Say;
import dev.concert.ensemble.demo.task.Search;
import dev.concert.ensemble.demo.task.Task;
import dev.concert.ensemble.demo.task.WriteFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionsTest {

  static Stream<Arguments> sentences() {
    return Stream.of(
        Arguments.of("list the files", List.of(new ListFiles("."))),
        Arguments.of("Please list all files in src.", List.of(new ListFiles("src"))),
        Arguments.of("show me the files in the workspace", List.of(new ListFiles("."))),
        Arguments.of("read notes.md", List.of(new ReadFile("notes.md"))),
        Arguments.of("show hello.py", List.of(new ReadFile("hello.py"))),
        Arguments.of(
            "could you show me the contents of a/b.txt?", List.of(new ReadFile("a/b.txt"))),
        Arguments.of("what is in notes.md?", List.of(new ReadFile("notes.md"))),
        Arguments.of(
            "change milk to tea in notes.md", List.of(new EditFile("notes.md", "milk", "tea"))),
        Arguments.of(
            "replace \"a and b\" with 'c then d' in notes.md",
            List.of(new EditFile("notes.md", "a and b", "c then d"))),
        Arguments.of("in notes.md, change 1 to 2", List.of(new EditFile("notes.md", "1", "2"))),
        Arguments.of("append hello to notes.md", List.of(new AppendLine("notes.md", "hello"))),
        Arguments.of(
            "add the line \"x = 1\" to the end of the file a.py",
            List.of(new AppendLine("a.py", "x = 1"))),
        Arguments.of("run the tests", List.of(new RunTests())),
        Arguments.of("run all the tests!", List.of(new RunTests())),
        Arguments.of("run git status", List.of(new RunCommand("git status"))),
        Arguments.of("run `ls -la && pwd`", List.of(new RunCommand("ls -la && pwd"))),
        Arguments.of("run hello.py", List.of(new RunCommand("python3 hello.py"))),
        Arguments.of("run python3 hello.py", List.of(new RunCommand("python3 hello.py"))),
        Arguments.of("execute the script go.sh", List.of(new RunCommand("bash go.sh"))),
        Arguments.of("search for needle", List.of(new Search("needle", "."))),
        Arguments.of("search for \"a b\" in src", List.of(new Search("a b", "src"))),
        Arguments.of("delete hello.py", List.of(new DeleteFile("hello.py"))),
        Arguments.of("create a folder called out", List.of(new RunCommand("mkdir -p -- out"))),
        Arguments.of(
            "create a.txt with the word one",
            List.of(new WriteFile("a.txt", "one\n", "with that text"))),
        Arguments.of("read theory.txt", List.of(new ReadFile("theory.txt"))),
        Arguments.of("show me the theory.txt", List.of(new ReadFile("theory.txt"))),
        Arguments.of(
            "write a file notes.md with the text Buy milk",
            List.of(new WriteFile("notes.md", "Buy milk\n", "with that text"))),
        Arguments.of(
            "create a file called notes.md containing \"one and run\"",
            List.of(new WriteFile("notes.md", "one and run\n", "with that text"))),
        Arguments.of(
            "ask me which colour I like: red, green or blue",
            List.of(new AskUser("Which colour I like?", List.of("red", "green", "blue")))),
        Arguments.of(
            "ask me \"What is your name?\"", List.of(new AskUser("What is your name?", List.of()))),
        Arguments.of(
            "write notes.md with the text hi, then read it and delete it",
            List.of(
                new WriteFile("notes.md", "hi\n", "with that text"),
                new ReadFile("notes.md"),
                new DeleteFile("notes.md"))));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void understands(String sentence, List<Task> tasks) {
    assertThat(Instructions.read(sentence, Optional.empty())).isEqualTo(tasks);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create hello.py that prints the first ten primes and run it | primes(10) | python3"
            + " hello.py",
        "Create a python program called fib.py that prints the first 20 fibonacci numbers, then run"
            + " it. | range(20) | python3 fib.py",
        "write go.sh which prints the first five squares and run it | seq 5 | bash go.sh",
        "create f.py that prints the factorials up to twelve and run it | range(1, 12 + 1) |"
            + " python3 f.py",
        "create n.py that prints the numbers from 1 to 30 and run it | range(1, 30 + 1) | python3"
            + " n.py",
        "create c.sh that counts to five and run it | seq 5 | bash c.sh",
        "create hi.py that prints hello world and run it | print(\"hello world\") | python3 hi.py",
        "create hi.py that prints \"primes and run\" and run it | print(\"primes and run\") |"
            + " python3 hi.py",
        "create a python script that prints the first 100 primes and run it | primes(100) | python3"
            + " program.py",
        "make hello.py print the first twenty-five primes | primes(25) | python3 hello.py",
        "change hello.py so that it prints the first twenty primes and run it | primes(20) |"
            + " python3 hello.py",
      })
  void writesPrograms(String sentence, String source, String command) {
    List<Task> tasks = Instructions.read(sentence, Optional.empty());

    assertThat(tasks).hasSize(2);
    assertThat(tasks.getFirst().toString()).contains(source);
    assertThat(tasks.getLast()).isEqualTo(new RunCommand(command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"make it print the first 3 primes", "let it print the first 3 primes"})
  void knowsWhatItIsFromBefore(String sentence) {
    assertThat(Instructions.read(sentence, Optional.of("old.py")).getFirst())
        .isInstanceOfSatisfying(
            RewriteProgram.class, task -> assertThat(task.path()).isEqualTo("old.py"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "refactor everything",
        "make it print the first 3 primes",
        "create hello.py that solves chess",
        "create hello.rb that prints the first ten primes",
        "list the files and refactor everything",
      })
  void doesNotPretend(String sentence) {
    List<Task> tasks = Instructions.read(sentence, Optional.empty());

    assertThat(tasks.stream().map(Task::getClass).collect(Collectors.toSet()))
        .isEqualTo(Set.of(Say.class));
  }
}
