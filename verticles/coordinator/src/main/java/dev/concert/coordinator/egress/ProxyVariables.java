package dev.concert.coordinator.egress;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The environment variables that lead programs to the proxy. */
final class ProxyVariables {
  private static final String DIRECT = "localhost,127.0.0.1,::1";

  private ProxyVariables() {}

  /**
   * @param port of the proxy on the loopback interface of the sandbox
   */
  static Map<String, String> of(int port) {
    String url = "http://127.0.0.1:" + port;
    Map<String, String> variables = new HashMap<>();
    for (String name : List.of("http_proxy", "https_proxy", "all_proxy")) {
      variables.put(name, url);
      variables.put(name.toUpperCase(Locale.ROOT), url);
    }
    variables.put("no_proxy", DIRECT);
    variables.put("NO_PROXY", DIRECT);
    // Node.js 24 and later; npm and most libraries read the variables above.
    variables.put("NODE_USE_ENV_PROXY", "1");
    variables.put("MAVEN_OPTS", maven(port));
    return Map.copyOf(variables);
  }

  /** Maven 3.8 reads Java's own properties; 3.9 and 4 do so where these flags are set. */
  private static String maven(int port) {
    return ("-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=%1$d"
            + " -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=%1$d"
            + " -Dhttp.nonProxyHosts=localhost|127.*|[::1]"
            + " -Daether.connector.http.useSystemProperties=true"
            + " -Daether.transport.apache.useSystemProperties=true")
        .formatted(port);
  }
}
