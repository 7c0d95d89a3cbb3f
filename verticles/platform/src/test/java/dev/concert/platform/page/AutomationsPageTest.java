package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The page of automations and the inbox, as a person uses it. */
@ExtendWith(PageExtension.class)
class AutomationsPageTest {
  private static final long BUDGET = 150_000;
  private static final String SENT =
      "return performance.getEntriesByType('resource').concat(performance.getEntriesByType("
          + "'navigation')).filter(({ name }) => !name.includes('/api/'))"
          + ".reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)";

  private static final String[] KINDS = {
    "interval",
    "rrule",
    "heartbeat",
    "github",
    "chat",
    "file",
    "inbox",
    "webhook",
    "automation",
    "manual"
  };

  private final Browser browser;
  private final PageServer server;

  AutomationsPageTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void a_person_makes_runs_explains_and_sorts() {
    browser.click(".sessions a[href='/automations.html']");
    browser.see("#automation-list .empty");
    assertThat((Long) browser.run(SENT)).isBetween(1_000L, BUDGET);

    browser.click("#new-automation");
    browser.write("#words", "every day at 9 say hello");
    browser.click("#propose");
    browser.see("#edit-times time");
    assertThat(browser.count("#edit-times time")).isEqualTo(5);
    Axe.verifyBothSchemes(browser, "the editor");
    browser.click("#save", "Save");
    browser.see("#automation-list .name", "Demo: say hello");
    browser.see("#days li", "Demo: say hello");

    // Somebody else makes one: the page is told.
    browser.run(
        """
        return fetch("/api/automations", { method: "POST", body: JSON.stringify({
          name: "Greeting", trigger: { kind: "manual" }, task: { prompt: "good day", agentType: "echo" } }) })
          .then(({ ok }) => ok);
        """);
    browser.see("#automation-list .name", "Greeting");
    browser.click("[aria-label='Run: Greeting']");
    browser.see("#inbox-items .name", "Done: Greeting");
    browser.see("#inbox-items .body", "good day");

    browser.click("[aria-label='History: Greeting']");
    browser.see("#slots .state", "succeeded");
    browser.click("#slots button", "Why");
    browser.see("#because", "It ran");
    for (int width : new int[] {1440, 390}) {
      browser.screen(width, 844);
      Axe.verifyBothSchemes(browser, "the page, " + width + " wide");
      assertThat((Boolean) browser.run("return document.body.scrollWidth <= innerWidth"))
          .as("nothing is wider than %d", width)
          .isTrue();
    }
    browser.screen(1440, 900);

    browser.click("#delivery summary");
    browser.see("[data-channel='email'] .name", "E-mail");
    browser.run("document.querySelector(\"[aria-label='E-mail: what is sent']\").value = 'error'");
    browser.click("[aria-label='Save: E-mail']");
    browser.click("[aria-label='Test: E-mail']");
    browser.see("[data-channel='email'] .body", "No mail server is set up");
    Axe.verifyBothSchemes(browser, "the delivery");
    browser.click("#delivery summary");

    browser.click("[aria-label='Seen: Done: Greeting']");
    browser.see("#inbox-items .state", "seen");
    browser.write("[aria-label='Reply to Done: Greeting']", "and more", Keys.ENTER);
    browser.see("#inbox-items .empty");

    browser.click("[aria-label='Pause: Greeting']");
    browser.see("#automation-list .state", "paused");
    browser.click("[aria-label='Resume: Greeting']");
    browser.click("[aria-label='Edit: Greeting']");
    browser.write("#edit-name", " again");
    browser.click("#save", "Show when it runs");
    browser.click("#save", "Save");
    browser.see("#automation-list .name", "Greeting again");
    delete("Greeting again", "Demo: say hello");
  }

  private void delete(String... names) {
    browser.run("window.confirm = () => true");
    for (String name : names) {
      browser.click("[aria-label='Delete: " + name + "']");
    }
    browser.see("#automation-list .empty");
    // What runs left stays in the inbox, which the next test wants empty.
    browser.run(
        """
        return fetch("/api/inbox").then((reply) => reply.json()).then(({ items }) => Promise.all(items.map(({ itemId }) =>
          fetch(`/api/inbox/${itemId}`, { method: "PUT", body: JSON.stringify({ state: "done" }) }))).then(() => true));
        """);
    browser.open(server.url());
  }

  /** Opens the form by the keyboard; a choice is made by its first letters. */
  private void begin(String name, String kind) {
    browser.write("#new-automation", Keys.ENTER);
    browser.write("#edit-name", name);
    browser.write("#edit-prompt", "say " + name);
    browser.write("#edit-kind", kind);
    browser.write("#more summary", Keys.ENTER);
    browser.write("#edit-agent", "echo");
  }

  private void save(String name) {
    browser.click("#save", "Show");
    browser.see("#edit-times li", "Due");
    browser.click("#save", "Save");
    browser.see("#automation-list .name", name);
  }

  private void put(String css, String value) {
    browser.run(
        """
        const field = document.querySelector(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event("input", { bubbles: true }));
        """,
        css,
        value);
  }

  @Test
  void a_time_is_shown_before_it_is_saved_and_what_is_wrong_is_said_beside_its_field() {
    browser.click(".sessions a[href='/automations.html']");
    begin("Once", "at set times");
    put("#edit-cron", "");
    browser.click("#save");
    browser.see("#edit-cron-fault", "fill");
    assertThat(browser.isFocused("#edit-cron[aria-invalid=true]")).isTrue();
    put("#edit-cron", "99 9 * * *");
    browser.click("#save");
    browser.see("#edit-cron-fault", "99");
    put("#edit-cron", "0 9 * * *");
    put("#edit-zone", "Europe/Berlim");
    browser.click("#save");
    browser.see("#edit-zone-fault", "There is no zone 'Europe/Berlim'");
    put("#edit-zone", "Europe/Berlin");
    put("#edit-quiet", "at night");
    browser.click("#save");
    browser.see("#edit-quiet-fault", "22:00-07:00");
    put("#edit-quiet", "");
    browser.click("#more summary");
    put("#edit-retries", "9");
    browser.click("#save");
    browser.see("#edit-retries-fault");
    Axe.verifyBothSchemes(browser, "a fault in the form");
    assertThat(browser.complaints())
        .as("only what was refused")
        .allMatch(line -> line.contains("/preview"));
    put("#edit-retries", "1");

    // The clocks of Berlin leave this time out.
    browser.write("#edit-kind", "once");
    put("#edit-once", "2030-03-31T02:30");
    browser.click("#save", "Show the next times");
    browser.see("#edit-times time", "2030-03-31T03:00:00+02:00");
    for (String kind : KINDS) {
      put("#edit-kind", kind);
      assertThat(Axe.faults(browser)).as("the form of %s", kind).isEmpty();
    }
    put("#edit-kind", "once");
    save("Once");
    browser.see("#automation-list .about", "once, at 2030-03-31T03:00:00+02:00");
    delete("Once");
  }

  @Test
  void automations_of_events_are_made_on_the_page_and_run() {
    browser.click(".sessions a[href='/automations.html']");
    begin("First", "only when");
    save("First");
    begin("Second", "another automation");
    put("#edit-automation-end", "completed");
    save("Second");
    browser.see("#automation-list .about", "succeeds");
    begin("Posted", "somebody posts");
    save("Posted");
    browser.see("#automation-list code", "/webhooks/automation/");
    browser.see("#automation-list code", "whsec_");

    browser.click("[aria-label='Run: First']");
    browser.see("#inbox-items .name", "Done: Second");
    browser.click("[aria-label='History: Second']");
    browser.see("#slots .state", "succeeded");

    browser.click("[aria-label='Edit: Second']");
    browser.see("#editor-title", "Change Second");
    assertThat(browser.run("return document.querySelector('#edit-automation-end').value"))
        .isEqualTo("completed");
    put("#edit-concurrency", "parallel");
    browser.click("#more summary");
    put("#edit-maxParallel", "3");
    save("Second");
    assertThat(
            browser.run(
                """
                return fetch("/api/automations").then((reply) => reply.json()).then(({ automations }) =>
                  automations.find(({ name }) => name === "Second").policy.maxParallel);
                """))
        .isEqualTo(3L);
    delete("First", "Second", "Posted");
  }

  @Test
  void a_rule_is_made_on_the_page_decides_and_is_switched_off() {
    browser.click(".sessions a[href='/automations.html']");
    begin("Noise", "only when");
    save("Noise");
    browser.click("#inbox-rules summary");
    browser.see("#rules .empty");
    browser.write("#new-rule", Keys.ENTER);
    browser.click("#save-rule");
    browser.see("#rule-name-fault", "fill");
    browser.write("#rule-name", "Quiet");
    browser.write("#rule-words", "noise, hum");
    browser.write("#rule-action", "snooze");
    browser.write("#rule-snooze", "Pause");
    browser.click("#save-rule");
    browser.see("#rule-snooze-fault", "no duration");
    Axe.verifyBothSchemes(browser, "the form of a rule");
    assertThat(browser.complaints())
        .as("only what was refused")
        .allMatch(line -> line.contains("/api/inbox-rules"));
    browser.write("#rule-action", "close");
    browser.click("#save-rule");
    browser.see("#rules .about", "Each item with noise or hum: close it.");

    browser.click("[aria-label='Run: Noise']");
    browser.click("[aria-label='History: Noise']");
    browser.see("#slots .state", "succeeded");
    browser.click("[aria-label='Decisions of the rule Quiet']");
    browser.see("#rules .history li", "close: Done: Noise");
    assertThat(browser.count("#inbox-items .name")).isZero();
    Axe.verifyBothSchemes(browser, "the rules");

    browser.click("[aria-label='Edit: rule Quiet']");
    assertThat(browser.run("return document.querySelector('#rule-words').value"))
        .isEqualTo("noise, hum");
    browser.write("#rule-action", "rate");
    browser.write("#rule-severity", "error");
    browser.click("#save-rule");
    browser.see("#rules .about", "rate it error");
    browser.click("[aria-label='Run: Noise']");
    browser.see("#inbox-items .state.bad");
    browser.click("[aria-label='Off: rule Quiet']");
    browser.see("#rules .state", "off");
    browser.click("[aria-label='Done: Done: Noise']");
    browser.click("[aria-label='Run: Noise']");
    browser.see("#inbox-items .name", "Done: Noise");
    browser.click("[aria-label='Done: Done: Noise']");
    browser.run("window.confirm = () => true");
    browser.click("[aria-label='Delete: rule Quiet']");
    browser.see("#rules .empty");
    delete("Noise");
  }
}
