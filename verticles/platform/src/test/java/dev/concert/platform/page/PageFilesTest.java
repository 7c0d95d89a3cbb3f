package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files the page's server sends, and with which headers. */
@ExtendWith(PageExtension.class)
class PageFilesTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final PageServer server;

  PageFilesTest(PageServer server) {
    this.server = server;
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8, no-cache",
    "/js/main.js, text/javascript; charset=utf-8, no-cache",
    "/css/tokens.css, text/css; charset=utf-8, no-cache",
    "/icon.svg, image/svg+xml, no-cache",
    "/webjars/marked/17.0.1/lib/marked.esm.js, text/javascript; charset=utf-8, 'public,"
        + " max-age=31536000, immutable'",
  })
  void a_file_has_a_tag_by_which_it_is_not_sent_again(String path, String type, String caching)
      throws Exception {
    HttpResponse<byte[]> plain = send("GET", path);
    String tag = plain.headers().firstValue("ETag").orElseThrow();
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(plain.headers().firstValue("Content-Type")).contains(type);
    assertThat(plain.headers().firstValue("Cache-Control")).contains(caching);
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();

    HttpResponse<byte[]> compressed = send("GET", path, "Accept-Encoding", "br, gzip;q=0.8");
    assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(unzipped(compressed.body())).isEqualTo(plain.body());

    HttpResponse<byte[]> again = send("GET", path, "If-None-Match", "\"other\", " + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("ETag")).contains(tag);
    assertThat(send("GET", path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);

    HttpResponse<byte[]> head = send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("ETag")).contains(tag);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(plain.body().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/js",
        "/js/",
        "/nothing.js",
        "/js/../../dev/concert/platform/Platform.class",
        "/%2e%2e/logback.xml",
        "/js/..%2f..%2flogback.xml",
        "/webjars/marked/17.0.1",
        "/META-INF/MANIFEST.MF",
        "/.hidden.js",
      })
  void nothing_else_of_the_class_path_is_sent(String path) throws Exception {
    assertThat(send("GET", path).statusCode()).isIn(400, 404);
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

  private static byte[] unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    }
  }
}
