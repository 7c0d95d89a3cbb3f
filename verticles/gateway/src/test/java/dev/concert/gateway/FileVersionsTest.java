package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose caller names the version that it read. */
class FileVersionsTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private FakeChronicle chronicle;
  private ApiClient api;
  private String file;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    chronicle = new FakeChronicle(gateway.podium);
    api = new ApiClient(gateway.port);
    file = api.createSession() + "/file?path=a.txt";
    Await.until(() -> api.send("PUT", file, "one").statusCode() == 200);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private String tag() {
    return api.get(file).headers().firstValue("etag").orElseThrow();
  }

  private HttpResponse<String> write(String content, String tag) {
    return api.send("PUT", file, content, "If-Match", tag);
  }

  @Test
  void aReaderThatHasTheFileGetsNoBody() {
    HttpResponse<String> again = api.get(file, "If-None-Match", tag());

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void aFileThatWasChangedSinceIsNotOverwritten() {
    String before = tag();
    HttpResponse<String> written = write("two", before);

    json(written, 200);
    assertThat(written.headers().firstValue("etag")).contains(tag());
    assertThat(code(write("three", before), 412)).isEqualTo("PRECONDITION_FAILED");
    assertThat(api.get(file).body()).isEqualTo("two");
  }

  @Test
  void whatAnAgentWritesBetweenTheRequestAndTheChangeIsNotOverwritten() {
    String before = tag();
    chronicle.meanwhile = () -> chronicle.files.put("a.txt", "by the agent");

    assertThat(code(write("two", before), 412)).isEqualTo("PRECONDITION_FAILED");
    assertThat(chronicle.files).containsEntry("a.txt", "by the agent");
  }

  @Test
  void aFileThatIsNotThereHasNoVersion() {
    chronicle.files.clear();

    assertThat(code(write("three", "*"), 412)).isEqualTo("PRECONDITION_FAILED");
    assertThat(chronicle.files).isEmpty();
  }

  @Test
  void aLargeFileThatAnAgentIsWritingIsInNoVersionThatWasRead() {
    String before = tag();
    chronicle.unrecorded.add("a.txt");

    assertThat(code(write("three", before), 412)).isEqualTo("PRECONDITION_FAILED");
    json(write("four", "*"), 200);
  }

  @Test
  void ofManyWhoChangeTheSameVersionOneWins() {
    String tag = tag();
    List<Integer> statuses;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      statuses =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> write("by " + i, tag).statusCode()))
              .toList()
              .stream()
              .map(
                  one -> {
                    try {
                      return one.get();
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  })
              .toList();
    }

    assertThat(statuses).containsOnlyOnce(200);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(7);
  }
}
