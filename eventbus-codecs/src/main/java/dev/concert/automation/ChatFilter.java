package dev.concert.automation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which messages of chats an automation waits for. What is null matches all of them.
 *
 * @param platform such as {@code slack}
 * @param connection id of the bridge
 * @param channel the platform's id of the channel
 * @param words one of them is in the message, as a word, in upper or lower case
 * @param pattern a regular expression that is found in the message
 * @param roles of members whose messages count
 */
public record ChatFilter(
    String platform,
    String connection,
    String channel,
    List<String> words,
    String pattern,
    List<String> roles) {
  private static final int MAX_TEXT = 200;
  private static final int MAX_ENTRIES = 50;
  private static final Set<String> ROLES = Set.of("guest", "viewer", "developer", "admin", "owner");

  public List<String> allWords() {
    return words == null ? List.of() : words;
  }

  public List<String> allRoles() {
    return roles == null ? List.of() : roles;
  }

  /** What is wrong, if anything. */
  Optional<String> fault() {
    if (channel == null && pattern == null && allWords().isEmpty()) {
      return Optional.of("'trigger.chat' needs 'words', 'pattern' or 'channel'");
    }
    if (allWords().size() > MAX_ENTRIES || !allWords().stream().allMatch(ChatFilter::isFine)) {
      return Optional.of("'trigger.chat.words' has at most 50 words of at most 200 characters");
    }
    if (pattern != null && !isFine(pattern)) {
      return Optional.of("'trigger.chat.pattern' has 1 to 200 characters");
    }
    if (!allRoles().stream().allMatch(role -> role != null && ROLES.contains(role))) {
      return Optional.of("'trigger.chat.roles' must be of guest, viewer, developer, admin, owner");
    }
    return patternFault();
  }

  private static boolean isFine(String text) {
    return text != null && !text.isBlank() && text.length() <= MAX_TEXT;
  }

  private Optional<String> patternFault() {
    try {
      if (pattern != null) {
        Pattern.compile(pattern);
      }
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of("'trigger.chat.pattern' is no regular expression: " + e.getDescription());
    }
  }
}
