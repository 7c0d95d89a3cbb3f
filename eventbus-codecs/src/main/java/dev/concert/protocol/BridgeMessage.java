package dev.concert.protocol;

import java.util.Map;
import java.util.Optional;

/** Requests about chat bridges. */
public interface BridgeMessage extends ClientMessage {

  /**
   * @param settings of the platform, by name; null for none
   * @param secrets such as tokens, by name
   */
  record AddBridge(
      String platform, String name, Map<String, String> settings, Map<String, String> secrets)
      implements BridgeMessage {
    private static final int MAX_ENTRIES = 20;
    private static final int MAX_SECRET = 8192;

    public Optional<String> fault() {
      if (!isSmall(secrets)) {
        return Optional.of("'secrets' must have at most 20 short texts, each with a name");
      }
      return settings == null || isSmall(settings)
          ? Optional.empty()
          : Optional.of("'settings' must have at most 20 short texts, each with a name");
    }

    private static boolean isSmall(Map<String, String> texts) {
      return texts.size() <= MAX_ENTRIES
          && texts.entrySet().stream()
              .allMatch(
                  one ->
                      one.getKey().length() <= 64
                          && one.getValue() != null
                          && one.getValue().length() <= MAX_SECRET);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "AddBridge[%s, %s]".formatted(platform, name);
    }
  }

  record ListBridges() implements BridgeMessage {}

  record TestBridge(String connectionId) implements BridgeMessage {}

  record RemoveBridge(String connectionId) implements BridgeMessage {}

  record CreatePairingCode() implements BridgeMessage {}
}
