package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much of the page is sent, and how often. */
@ExtendWith(PageExtension.class)
class PageTransferTest {
  private static final String SENT =
      "return performance.getEntries().reduce((sum, one) => sum + (one.transferSize ?? 0), 0)";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Browser browser;
  private final PageServer server;

  PageTransferTest(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  @Test
  void the_page_is_small_and_a_reload_sends_nothing_twice() {
    browser.forgetWhatIsCached();
    browser.open(server.url());
    assertThat((Long) browser.run(SENT)).isBetween(50_000L, 150_000L);

    browser.reload();
    // A few hundred bytes for each file that is asked for.
    assertThat((Long) browser.run(SENT)).isLessThan(40_000L);
    assertThat(
            browser.run(
                "return performance.getEntries().filter((one) =>"
                    + " one.name.includes('/webjars/') && one.transferSize > 0).length"))
        .isEqualTo(0L);
  }

  @Test
  void the_files_api_answers_head_as_get() throws Exception {
    browser.begin("echo", "!write f.txt one");
    browser.see(".end");
    String session = browser.address().replaceFirst(".*#session=", "");
    for (String route : new String[] {"file?path=f.txt", "files?path=", "snapshots"}) {
      String path = "/api/sessions/" + session + "/" + route;
      HttpResponse<byte[]> get = send("GET", path);
      HttpResponse<byte[]> head = send("HEAD", path);
      assertThat(head.statusCode()).as(path).isEqualTo(200).isEqualTo(get.statusCode());
      assertThat(head.headers().firstValue("Content-Type"))
          .isEqualTo(get.headers().firstValue("Content-Type"));
      assertThat(head.body()).isEmpty();
    }
  }

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url().replaceFirst("/$", "") + path))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }
}
