package dev.concert.platform.page;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;

/** A whole platform in this process that can go away and come back at the same address. */
final class PageServer implements AutoCloseable {
  private final Path data;
  private Platform platform;
  private final String url;

  private PageServer(Path data) {
    this.data = data;
    this.platform = onPort(0);
    this.url = platform.url();
  }

  static PageServer start(Path data) {
    return new PageServer(data);
  }

  String url() {
    return url + "/";
  }

  void goAway() {
    platform.close();
    platform = null;
  }

  void comeBack() {
    platform = onPort(URI.create(url).getPort());
  }

  private Platform onPort(int port) {
    return Platform.start(
        new PlatformOptions(
            "127.0.0.1",
            port,
            data,
            Path.of(System.getProperty("concert.home")),
            // On a busy machine an agent takes longer to start than it may by default.
            new JsonObject()
                .put(
                    "coordinator",
                    new JsonObject().put("readyTimeoutMs", Program.AGENT_READY.toMillis()))));
  }

  @Override
  public void close() {
    if (platform != null) {
      platform.close();
    }
  }
}
