package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The form by which a person makes and changes automations. */
class AutomationFormPageTest extends AutomationsPage {
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

  AutomationFormPageTest(Browser browser, PageServer server) {
    super(browser, server);
  }

  @Test
  void a_time_is_shown_before_it_is_saved_and_what_is_wrong_is_said_beside_its_field() {
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

  /** What an automation waits for, by the kind of its trigger, as the list says it. */
  @Test
  void automations_wait_for_github_a_chat_files_and_the_inbox() {
    String session =
        (String)
            browser.run(
                """
                return fetch("/api/sessions", { method: "POST", body: JSON.stringify({ agentType: "echo", name: "Watched" }) })
                  .then((reply) => reply.json()).then(({ session }) => session.id);
                """);
    begin("Repository events", "something happens");
    put("#edit-github-events", "push, issues.opened");
    put("#edit-github-repositories", "acme/*");
    save("Repository events");
    browser.see("#automation-list .about", "issues.opened");
    begin("Chat messages", "somebody writes");
    put("#edit-chat-words", "deploy, release");
    save("Chat messages");
    browser.see("#automation-list .about", "a message that matches in a chat");
    begin("File changes", "files of");
    put("#edit-file-session", session);
    put("#edit-file", "src/**");
    save("File changes");
    browser.see("#automation-list .about", "src/**");
    begin("Inbox items", "something comes");
    browser.click("#edit-inbox input[value=failure]");
    save("Inbox items");
    browser.see("#automation-list .about", "failure");

    assertThat(stored("trigger"))
        .contains(
            "\"events\":[\"push\",\"issues.opened\"]",
            "\"repositories\":[\"acme/*\"]",
            "\"words\":[\"deploy\",\"release\"]",
            "\"source\":\"" + session + "\"",
            "{\"kind\":\"inbox\",\"expression\":\"failure\"}");
    delete("Repository events", "Chat messages", "File changes", "Inbox items");
  }

  /** A field of all automations, as the server has it. */
  private String stored(String field) {
    return (String)
        browser.run(
            """
            return fetch("/api/automations").then((reply) => reply.json())
              .then(({ automations }) => JSON.stringify(automations.map((one) => one[arguments[0]])));
            """
                .replace("arguments[0]", "'" + field + "'"));
  }

  @Test
  void checks_are_made_changed_and_removed_on_the_page() {
    begin("Checked", "only when", "!write made.txt yes");
    browser.click("#add-check");
    browser.write("#check-1-kind", "a file contains");
    browser.write("#check-1-path", "made.txt");
    browser.click("#save");
    browser.see("#check-1-text-fault", "fill");
    assertThat(browser.isFocused("#check-1-text[aria-invalid=true]")).isTrue();
    browser.write("#check-1-text", "yes");
    Axe.verifyBothSchemes(browser, "a check");
    save("Checked");
    browser.click("[aria-label='Run: Checked']");
    browser.see("#inbox-items .name", "Done: Checked");

    browser.click("[aria-label='Edit: Checked']");
    browser.click("#more summary");
    assertThat(browser.run("return document.querySelector('#check-2-text').value"))
        .isEqualTo("yes");
    browser.click("#add-check");
    browser.write("#check-3-path", "missing.txt");
    save("Checked");
    browser.click("[aria-label='Run: Checked']");
    browser.see("#inbox-items .name", "Not done: Checked");

    browser.click("[aria-label='Edit: Checked']");
    browser.click("#more summary");
    browser.click("[aria-label='Remove check 1']");
    save("Checked");
    assertThat(stored("task"))
        .contains("\"checks\":[{\"kind\":\"file\",\"path\":\"missing.txt\"}]");
    delete("Checked");
  }
}
