package dev.concert.platform.harness;

import dev.concert.foundation.files.FolderRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real program, for tests that kill it. What starts after a kill is what the next test kills;
 * each test has sessions of its own. The class fails when a mount or an agent is left.
 */
public final class MortalServer implements BeforeAllCallback, AfterAllCallback {
  private Path data;
  private ServerProcess server;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    data = Files.createTempDirectory("concert-mortal");
    start();
  }

  private void start() {
    server = ServerProcess.start(data);
  }

  public String url() {
    return server.url();
  }

  /** Its data folder. */
  public Path data() {
    return data;
  }

  /** {@code kill -9}; returns when it is gone. */
  public void kill() {
    server.kill();
    server.close();
  }

  /** Starts the next one; returns when clients can connect. */
  public void startAgain() {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server.close();
    new Leftovers(data).verifyNone();
    FolderRemoval.remove(data);
  }
}
