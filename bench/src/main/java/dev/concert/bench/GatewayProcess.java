package dev.concert.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A gateway in a process of its own, with the same model behind it as all others.
 *
 * @param route to ask it by
 */
record GatewayProcess(Child process, MeasuredRoute route) implements AutoCloseable {
  /** LiteLLM loads most of its libraries at its start. */
  private static final int START_SECONDS = 120;

  private static final String KEY = "sk-a-long-key-of-the-benchmark-0123456789";

  /** HAProxy, which passes each request on and looks at none. */
  static GatewayProcess haproxy(int model, int threads) throws Exception {
    int port = freePort();
    Path file =
        Files.writeString(
            Files.createTempFile("bench", ".haproxy"),
            """
            global
              nbthread %d
            defaults
              mode http
              option http-no-delay
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            listen model
              bind 127.0.0.1:%d
              server model 127.0.0.1:%d
            """
                .formatted(threads, port, model));
    return start(
        List.of("haproxy", "-db", "-f", file.toString()),
        Map.of(),
        new MeasuredRoute("HAProxy", port, Map.of()));
  }

  /**
   * Portkey's gateway, run by Node.js.
   *
   * @param script that starts it
   */
  static GatewayProcess portkey(String script, int model) throws Exception {
    int port = freePort();
    return start(
        List.of("node", script, "--port=" + port, "--headless"),
        Map.of(),
        new MeasuredRoute(
            "Portkey",
            port,
            Map.of(
                "authorization",
                "Bearer none",
                "x-portkey-provider",
                "openai",
                "x-portkey-custom-host",
                "http://127.0.0.1:" + model + "/v1")));
  }

  /**
   * LiteLLM's proxy with one worker. Its list of prices is the one in its package, since it would
   * fetch another.
   *
   * @param program its command
   */
  static GatewayProcess liteLlm(String program, int model) throws Exception {
    int port = freePort();
    Path file =
        Files.writeString(
            Files.createTempFile("bench", ".yaml"),
            """
            model_list:
              - model_name: "*"
                litellm_params: {model: "openai/*", api_base: "http://127.0.0.1:%d/v1", api_key: none}
            general_settings: {master_key: %s}
            """
                .formatted(model, KEY));
    return start(
        List.of(
            program,
            "--config",
            file.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port)),
        Map.of("LITELLM_LOCAL_MODEL_COST_MAP", "True", "LITELLM_LOG", "ERROR"),
        new MeasuredRoute("LiteLLM", port, Map.of("authorization", "Bearer " + KEY)));
  }

  private static GatewayProcess start(
      List<String> command, Map<String, String> environment, MeasuredRoute route) throws Exception {
    Child process = Child.quiet(command, environment);
    try {
      awaitOpen(route);
    } catch (Exception e) {
      process.close();
      throw e;
    }
    return new GatewayProcess(process, route);
  }

  private static void awaitOpen(MeasuredRoute route) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end) {
      try (Socket _ = new Socket("127.0.0.1", route.port())) {
        return;
      } catch (ConnectException e) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IOException("%s does not listen after %d s".formatted(route.name(), START_SECONDS));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
