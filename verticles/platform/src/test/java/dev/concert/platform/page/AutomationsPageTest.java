package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page of automations and the inbox, as a person uses it. */
class AutomationsPageTest extends AutomationsPage {
  private static final long BUDGET = 150_000;
  private static final String SENT =
      "return performance.getEntriesByType('resource').concat(performance.getEntriesByType("
          + "'navigation')).filter(({ name }) => !name.includes('/api/'))"
          + ".reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)";

  AutomationsPageTest(Browser browser, PageServer server) {
    super(browser, server);
  }

  @Test
  void a_person_makes_runs_explains_and_sorts() {
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

  @Test
  void automations_of_events_are_made_on_the_page_and_run() {
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
}
