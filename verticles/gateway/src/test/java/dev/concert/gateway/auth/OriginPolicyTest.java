package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "127.0.0.1, -,                            127.0.0.1:8080,   true",
        "127.0.0.1, http://localhost:8080,        localhost:8080,   true",
        "127.0.0.1, http://127.0.0.1:5173,        localhost:8080,   true",
        "127.0.0.1, http://[::1]:8080,            [::1]:8080,       true",
        "127.0.0.1, https://evil.example,         127.0.0.1:8080,   false",
        "127.0.0.1, http://localhost.evil.example,127.0.0.1:8080,   false",
        "127.0.0.1, null,                         127.0.0.1:8080,   false",
        "127.0.0.1, -,                            rebound.example,  false",
        "127.0.0.1, http://rebound.example,       rebound.example,  false",
        "127.0.0.1, -,                            -,                false",
        "10.0.0.5,  http://10.0.0.5:8080,         10.0.0.5:8080,    true",
        "0.0.0.0,   http://box.lan:8080,          box.lan:8080,     true",
        "127.0.0.1, not a url,                    127.0.0.1:8080,   false",
      })
  void onlyPagesOfThisHostMaySpeak(String listen, String origin, String host, boolean allowed) {
    assertThat(new OriginPolicy(listen).allows(origin, host)).isEqualTo(allowed);
  }
}
