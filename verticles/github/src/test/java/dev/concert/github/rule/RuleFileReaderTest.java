package dev.concert.github.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code .github/concert.yml} can say, and what is said of its mistakes. */
class RuleFileReaderTest {

  private static ForgeEvent issue(String label, String title) throws Exception {
    return GitHubEventReader.read(
            "issues",
            Json.MAPPER.readTree(
                """
                {"action": "opened", "sender": {"login": "bob"},
                 "issue": {"number": 1, "title": "%s", "labels": [{"name": "%s"}]},
                 "repository": {"id": 5, "name": "engine", "owner": {"login": "ada"}}}
                """
                    .formatted(title, label)))
        .orElseThrow();
  }

  @Test
  void aRuleIsForAnEventAnActionAndWhatItsFilterSaysAndHasTheTermsOfTheFile() throws Exception {
    RuleFile file =
        RuleFileReader.read(
            """
            agent: coder
            setup: make ready
            permissions: deny
            lfs: true
            submodules: [lib, tools]
            rules:
              - name: bugs
                event: issues
                action: [opened, reopened]
                filter:
                  label: bug
                  title: [slow, crash]
                prompt: Find out why.
                permissions: allow
                checks:
                  - name: tests
                    run: make test
                    seconds: 60
                  - run: make lint
            """);

    assertThat(file.faults()).isEmpty();
    Optional<WorkRule> rule = file.ruleFor(issue("Bug", "It is Slow"));
    assertThat(rule).isPresent();
    assertThat(rule.get().prompt()).contains("Find out why.");
    assertThat(file.termsOf(rule))
        .isEqualTo(
            new RuleTerms(
                Optional.of("coder"),
                List.of("make ready"),
                List.of(
                    new RuleCheck("tests", "make test", 60),
                    new RuleCheck("make lint", "make lint", 600)),
                // A rule cannot give back what the file takes.
                RulePermission.DENY,
                List.of(),
                true,
                List.of("lib", "tools"),
                Optional.of(new RuleSource("bugs", 7, "Find out why."))));
    assertThat(file.ruleFor(issue("bug", "It is fine"))).isEmpty();
    assertThat(file.ruleFor(issue("question", "It is slow"))).isEmpty();
    assertThat(RuleFileReader.read("")).isEqualTo(RuleFile.NONE);
  }

  private static List<String> faults(String text) {
    RuleFile file = RuleFileReader.read(text);
    assertThat(file.rules()).isEmpty();
    assertThat(file.terms().permission()).isEqualTo(RulePermission.DENY);
    return file.faults().stream().map(one -> one.line() + " " + one.sentence()).toList();
  }

  @Test
  void theNameOfARuleOrACheckIsOneLine() {
    assertThat(
            faults(
                """
                rules:
                  - event: issues
                    name: "a\\u202eb"
                  - event: issues
                    checks: [{run: y, name: "two\\nlines"}]
                """))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("3 `name` must be one line"),
            one -> assertThat(one).startsWith("5 `name` must be one line"));
  }

  @Test
  void eachMistakeNamesItsLineAndWhatIsKnown() {
    assertThat(
            faults(
                """
                agnet: coder
                rules:
                  - event: isues
                  - event: issues
                    action: closed
                    "`@bob <b>`": 1
                  - prompt: hello
                    checks: [{name: x}, {run: y, seconds: 0}]
                permissions: admin
                permissions: read
                """))
        .containsExactly(
            "1 The key `agnet` is not known. Known keys here: agent, checks, lfs, people,"
                + " permissions, rules, setup, submodules.",
            "10 The key `permissions` stands twice. Remove one of them.",
            "9 `permissions` cannot be `admin`. It can be: allow, deny, read.",
            "3 `event` cannot be `isues`. It can be: issue_comment, issues, pull_request,"
                + " pull_request_review, pull_request_review_comment.",
            "6 The key `??bob ?b??` is not known. Known keys here: action, agent, checks, event,"
                + " filter, lfs, name, people, permissions, prompt, setup, submodules.",
            "5 `action` cannot be `closed`. It can be: assigned, labeled, opened, reopened.",
            "7 A rule needs the key `event`. Known events: issue_comment, issues, pull_request,"
                + " pull_request_review, pull_request_review_comment.");
  }

  @Test
  void aHostileFileIsRefusedAndMakesNothing() {
    assertThat(faults("- a\n- b"))
        .containsExactly(
            "1 `the file` must be a mapping. Known keys: agent, checks, lfs, people, permissions,"
                + " rules, setup, submodules.");
    assertThat(faults("agent: &a x\nprompt: *a\n"))
        .containsExactly("2 Aliases are not supported. Write the value out.");
    assertThat(faults("a: {b: {c: {d: {e: {f: {g: {h: {i: {j: 1}}}}}}}}}")).hasSize(1);
    assertThat(faults("agent: [\n  x\nsetup: y\n").getFirst()).startsWith("3 This is not YAML");
    assertThat(faults("# " + "x".repeat(RuleFileReader.LONGEST)))
        .containsExactly("1 The file has more than 65536 characters.");
    assertThat(faults("agent: !!java.net.URL [\"http://127.0.0.1\"]"))
        .containsExactly(
            "1 This is not YAML: Global tag is not allowed: tag:yaml.org,2002:java.net.URL.");
    assertThat(faults("agent: [a]"))
        .containsExactly("1 `agent` must be a text of 1 to 10000 characters.");
    assertThat(faults("submodules: [../other, ada/lib]"))
        .containsExactly(
            "1 `submodules` must be at most 10 names of repositories, without their owner.");
    assertThat(faults("rules: [" + "{event: issues},".repeat(60) + "]"))
        .containsExactly("1 `rules` has more than 50 entries.");
    assertThat(faults("---\nagent: a\n---\nagent: b\n")).hasSize(1);
    assertThat(faults("x: 1\n".repeat(100))).hasSize(20);
  }
}
