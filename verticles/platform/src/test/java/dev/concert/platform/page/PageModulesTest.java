package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Single modules of the page, with the real DOM and the real libraries. */
@ExtendWith(PageExtension.class)
class PageModulesTest {
  private final Browser browser;

  PageModulesTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void markdown_keeps_what_it_means() {
    String tasks = "- [x] done\n- [ ] open";
    String table = "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |";
    String code = "```js\nlet x\n```";
    SoftAssertions all = new SoftAssertions();
    Object[][] rows = {
      {tasks, "li > input[type=checkbox][checked][disabled][aria-label]", 1L},
      {tasks, "li > input[type=checkbox]:not([checked])[aria-label]", 1L},
      {"5. five\n6. six", "ol[start='5'] > li", 2L},
      {table, "td[align=center], td[align=right]", 2L},
      {table, "[tabindex='0'] > table", 1L},
      {"~~gone~~", "del", 1L},
      {"https://example.com", "a[href='https://example.com'][rel*=noopener]", 1L},
      {"[x](javascript:alert(1))", "a[href]", 0L},
      {"<input type=password>", "input", 0L},
      {code, ".copyable > pre[tabindex='0']", 1L},
      {code, ".copyable > button.copy", 1L},
      {"one\n\ntwo", "p[dir=auto]", 2L},
      {"- one\n\n> two", "ul[dir=auto], blockquote[dir=auto]", 2L},
    };
    for (Object[] row : rows) {
      all.assertThat(
              module(
                  "lib/markdown.js",
                  "m.markdown(a[0]).querySelectorAll(a[1]).length",
                  row[0],
                  row[1]))
          .as("%s in %s", row[1], row[0])
          .isEqualTo(row[2]);
    }
    all.assertAll();
  }

  @Test
  void formulas_are_mathml_and_what_costs_dollars_is_not() {
    SoftAssertions all = new SoftAssertions();
    Object[][] rows = {
      {"an inline $x^2 + y_1$ here", "p .formula math msup", 1L},
      {"an inline \\(x^2\\) here", "p .formula math", 1L},
      {"$$\n\\frac{a}{b}\n$$", ".formula math[display=block] mfrac", 1L},
      {"\\[ a \\]", ".formula math[display=block]", 1L},
      {"between $5 and $10, or $20", "math", 0L},
      {"`$x$` and\n\n```\n$$y$$\n```", "math", 0L},
      {"$\\href{javascript:alert(1)}{x}$ $\\notacommand$", "a, [href]", 0L},
      {"$\\frac{$", "math", 0L},
      {"$\\frac{$", "code + .formula-fault", 1L},
      {"costs $5 and $7", "math, code", 0L},
      {"half of $$\\frac{a", "math, code", 0L},
    };
    for (Object[] row : rows) {
      all.assertThat(
              browser.run(
                  """
                  return Promise.all([import("/js/lib/markdown.js"), import("/js/lib/libraries.js")]).then(
                    async ([{ markdown }, { loadFormulaLibrary }]) => {
                      const seen = markdown(arguments[0]);
                      await loadFormulaLibrary();
                      await Promise.resolve();
                      return seen.querySelectorAll(arguments[1]).length;
                    });
                  """,
                  row))
          .as("%s in %s", row[1], row[0])
          .isEqualTo(row[2]);
    }
    all.assertAll();
  }

  @Test
  void cells_are_aligned() {
    assertThat(
            browser.run(
                """
                return import("/js/lib/markdown.js").then(({ markdown }) => {
                  const prose = document.createElement("div");
                  prose.className = "prose";
                  prose.append(markdown("| a |\\n|--:|\\n| 1 |"));
                  document.body.append(prose);
                  const seen = getComputedStyle(prose.querySelector("td")).textAlign;
                  prose.remove();
                  return seen;
                });
                """))
        .asString()
        .endsWith("right");
  }

  @Test
  void a_version_is_compared_with_the_one_before_unless_another_is_chosen() {
    SoftAssertions all = new SoftAssertions();
    Long[][] rows = {
      {1L, null, 0L}, // nothing came before the first version
      {2L, null, 1L},
      {3L, null, 2L},
      {3L, 1L, 1L},
      {3L, 0L, 0L},
      {1L, 3L, 3L}
    };
    for (Long[] row : rows) {
      all.assertThat(
              module(
                  "model/versions.js",
                  "m.baseOf([3, 2, 1].map((iteration) => ({ iteration })), a[0], a[1])?.iteration"
                      + " ?? 0",
                  row[0],
                  row[1]))
          .as("v%s against %s", row[0], row[1])
          .isEqualTo(row[2]);
    }
    all.assertAll();
  }

  @Test
  void an_error_is_told_once() {
    assertThat(told("AGENT_CRASHED", "The agent read a.txt and ended. Send it again."))
        .isEqualTo(
            List.of(
                "The agent read a.txt and ended.",
                "Your files are safe. Your next message starts a new agent on them."));
    assertThat(told("AGENT_ERROR", "boom")).isEqualTo(List.of("boom", "Try again in a moment."));
    assertThat(told("PROVIDER_QUOTA", "The account is empty. Look at it."))
        .isEqualTo(List.of("The account is empty. Look at it.", ""));
  }

  private Object told(String code, String message) {
    return module(
        "model/advice.js",
        "{ const t = m.toldOf({ code: a[0], message: a[1] }); return [t.what, t.advice ?? '']; }",
        code,
        message);
  }

  @Test
  void a_plan_is_shown_with_its_steps_and_a_repeated_call_takes_its_text_back() {
    assertThat(
            browser.run(
                """
                return Promise.all([import("/js/model/conversation.js"), import("/js/view/items.js")]).then(([m, v]) => {
                  const all = new m.Conversation("s");
                  let seq = 0;
                  const happens = (type, fields) => all.apply({ type, seq: (seq += 1), turnId: "t", ts: 1000, ...fields });
                  const one = { stepId: "1", title: "read" };
                  const two = { stepId: "2", title: "write" };
                  happens("turn_started", { text: "go" });
                  happens("plan.created", { planId: "p", title: "Plan", steps: [one, two] });
                  happens("plan.step_started", { planId: "p", stepId: "1" });
                  happens("plan.step_completed", { planId: "p", stepId: "1", outcome: "done" });
                  happens("plan.revised", { planId: "p", steps: [one, two, { stepId: "3", title: "test" }] });
                  happens("text_delta", { text: "half an ans" });
                  happens("model.retry", { attempt: 1, delayMs: 3000, message: "overloaded", replaces: true });
                  const retry = all.retry.at;
                  happens("text_delta", { text: "a whole answer" });
                  happens("context.compacted", { reason: "full", tokensBefore: 90000, tokensAfter: 4000 });
                  return [
                    retry,
                    all.retry,
                    ...all.items.slice(1).map((item) => v.viewOf(item, {}).node.innerText.replace(/\\s+/g, " ")),
                  ];
                });
                """))
        .isEqualTo(
            Arrays.asList(
                4000L,
                null,
                "Plan (1 of 3)●read○write○test",
                "a whole answer CopyFork",
                "The agent goes on with a summary of the conversation: 4,000 tokens instead of"
                    + " 90,000"));
  }

  @Test
  void a_cost_that_nobody_knows_is_not_nothing() {
    String sum =
        "{ const t = new m.Totals(); a[0].forEach((cost) => t.add({ cost })); return t.cost; }";
    assertThat(module("model/totals.js", sum, List.of("0.5", "0.25"))).isEqualTo(0.75);
    assertThat(module("model/totals.js", sum, Arrays.asList("0.5", null))).isNull();
    assertThat(module("lib/format.js", "m.money(null)")).isEqualTo("cost unknown");
    assertThat(module("lib/format.js", "m.money(0)")).isEqualTo("$0.00");
  }

  @Test
  void a_repository_is_cloned_by_a_command_of_the_sandbox_and_only_over_https() {
    String git =
        "/run GIT_TERMINAL_PROMPT=0 git -c protocol.allow=never -c protocol.https.allow=always"
            + " clone -- 'https://example.com/%s' .";
    assertThat(module("model/clone.js", "m.cloneOf(a[0])", " https://example.com/a/b.git#x "))
        .isEqualTo(Map.of("name", "b", "command", git.formatted("a/b.git")));
    assertThat(module("model/clone.js", "m.cloneOf(a[0]).command", "https://example.com/'; id; '"))
        .isEqualTo(git.formatted("%27;%20id;%20%27"));
    SoftAssertions all = new SoftAssertions();
    for (String address :
        List.of(
            "file:///etc",
            "/etc",
            "ssh://example.com/a",
            "ssh://-oProxyCommand=id/a",
            "git@example.com:a/b",
            "ext::sh -c id",
            "git://example.com/a",
            "http://example.com/a",
            "https://user:secret@example.com/a",
            "https://example.com",
            "--upload-pack=id",
            "")) {
      all.assertThat(module("model/clone.js", "m.cloneOf(a[0])", address)).as(address).isNull();
    }
    all.assertAll();
  }

  @Test
  void a_browser_keeps_the_fifty_newest_drafts() {
    assertThat(
            browser.run(
                """
                return import("/js/model/drafts.js").then(({ Drafts }) => {
                  localStorage.clear();
                  const drafts = new Drafts(localStorage);
                  for (let i = 0; i < 60; i += 1) {
                    drafts.put(`s${i}`, `text ${i}`);
                  }
                  drafts.put("s59", "");
                  const kept = [localStorage.length, drafts.get("s58"), drafts.get("s59"), drafts.get("unknown")];
                  drafts.clear();
                  return [...kept, localStorage.length];
                });
                """))
        .isEqualTo(List.of(49L, "text 58", "", "", 0L));
  }

  /** The value of an expression about a module, {@code m}, and the arguments, {@code a}. */
  @Test
  void a_session_is_named_by_one_line_of_whole_characters() {
    String[][] rows = {
      {"fix\n the\tbuild", "fix the build"},
      {"a\u202eb \u001b[31mred\u2028x", "a b [31mred x"},
      {"x".repeat(79) + "👩 and more", "x".repeat(79) + "👩"},
    };
    for (String[] row : rows) {
      assertThat(module("model/names.js", "m.sessionNameOf(a[0])", row[0])).isEqualTo(row[1]);
    }
  }

  private Object module(String path, String expression, Object... arguments) {
    return browser.run(
        "const a = arguments; return import('/js/%s').then((m) => %s);".formatted(path, expression),
        arguments);
  }
}
