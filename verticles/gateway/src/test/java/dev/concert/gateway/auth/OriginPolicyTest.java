package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {
  private static final int PORT = 8080;
  private static final OriginPolicy POLICY =
      new OriginPolicy(List.of("https://Concert.Example", "http://box.lan:8080"));

  private static OriginPolicy.Headers request(String host, String origin) {
    return new OriginPolicy.Headers("GET", PORT, "/ws", host, origin, null, null, null);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // programs
        "127.0.0.1:8080,     -,                            true",
        "LOCALHOST:8080,     -,                            true",
        "[::1]:8080,         -,                            true",
        "rebound.example,    -,                            false",
        "rebound.example:8080, -,                          false",
        "localhost.evil.example:8080, -,                   false",
        "127.0.0.1.evil.example:8080, -,                   false",
        "localhost:3000,     -,                            false",
        "localhost,          -,                            false",
        "2130706433:8080,    -,                            false",
        "-,                  -,                            false",
        // the page itself
        "localhost:8080,     http://localhost:8080,        true",
        "localhost:8080,     HTTP://LocalHost:8080,        true",
        "127.0.0.1:8080,     http://127.0.0.1:8080,        true",
        "[::1]:8080,         http://[::1]:8080,            true",
        // other pages of this machine
        "localhost:8080,     http://localhost:3000,        false",
        "localhost:8080,     http://localhost,             false",
        "localhost:8080,     https://localhost:8080,       false",
        "127.0.0.1:8080,     http://localhost:8080,        false",
        "127.0.0.1:8080,     http://127.0.0.1:5173,        false",
        // pages of other machines
        "127.0.0.1:8080,     https://evil.example,         false",
        "127.0.0.1:8080,     http://localhost.evil.example:8080, false",
        "127.0.0.1:8080,     http://localhost:8080@evil.example, false",
        "127.0.0.1:8080,     http://evil.example#@localhost:8080, false",
        "127.0.0.1:8080,     null,                         false",
        "127.0.0.1:8080,     file://,                      false",
        "127.0.0.1:8080,     not a url,                    false",
        "rebound.example:8080, http://rebound.example:8080, false",
        // configured
        "concert.example,    https://concert.example,      true",
        "concert.example:443, https://concert.example:443, true",
        "127.0.0.1:8080,     https://concert.example,      true",
        "box.lan:8080,       http://BOX.lan:8080,          true",
        "box.lan:8080,       -,                            true",
        "concert.example,    http://concert.example,       false",
        "box.lan:8080,       http://box.lan:3000,          false",
        "box.lan:9090,       -,                            false",
      })
  void onlyTheServersOwnPageAndConfiguredOnesMaySpeak(String host, String origin, boolean allowed) {
    assertThat(POLICY.allows(request(host, origin))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // what the browser says of itself: path, method, site, mode, destination, origin
        "/api/x, GET,  same-origin, cors,      empty,    -,                       true",
        "/,      GET,  none,        navigate,  document, -,                       true",
        "/ws,    GET,  same-origin, websocket, empty,    http://localhost:8080,   true",
        "/api/x, GET,  cross-site,  no-cors,   image,    -,                       false",
        "/api/x, GET,  same-site,   no-cors,   image,    -,                       false",
        "/api/x, GET,  cross-site,  navigate,  document, -,                       false",
        "/ws,    GET,  cross-site,  websocket, empty,    http://localhost:8080,   false",
        "/ws,    GET,  something,   websocket, empty,    -,                       false",
        "/,      GET,  cross-site,  navigate,  document, -,                       true",
        "/,      GET,  same-site,   navigate,  document, -,                       true",
        "/auth/callback, GET, cross-site, navigate, document, -,                  true",
        "/shared/abc, GET, cross-site, navigate, document, -,                     true",
        "/,      GET,  cross-site,  navigate,  iframe,   -,                       false",
        "/,      GET,  cross-site,  no-cors,   document, -,                       false",
        "/,      POST, cross-site,  navigate,  document, -,                       false",
        "/,      POST, cross-site,  navigate,  document, https://evil.example,    false",
        "/api/x, GET,  cross-site,  cors,      empty,    https://concert.example, true",
        "/api/x, GET,  cross-site,  cors,      empty,    https://evil.example,    false",
      })
  void aBrowserIsBelievedWhenItSaysThatAnotherSiteAsks(
      String path,
      String method,
      String site,
      String mode,
      String destination,
      String origin,
      boolean allowed) {
    assertThat(
            POLICY.allows(
                new OriginPolicy.Headers(
                    method, PORT, path, "localhost:8080", origin, site, mode, destination)))
        .isEqualTo(allowed);
  }

  @Test
  void withoutConfigurationOnlyLoopbackNamesAreServed() {
    OriginPolicy policy = new OriginPolicy(List.of());

    assertThat(policy.allows(request("localhost:8080", "http://localhost:8080"))).isTrue();
    assertThat(policy.allows(request("box.lan:8080", "http://box.lan:8080"))).isFalse();
  }
}
