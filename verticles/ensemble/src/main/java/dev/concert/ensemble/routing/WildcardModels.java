package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.ServedModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Models that are configured by the beginning of their names, such as {@code openai/*}. The vendor
 * decides which of them there are. Immutable and thread-safe.
 */
final class WildcardModels {
  private static final String ANY = "*";

  /** What may be a model's name: it becomes a part of a URL. */
  private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9._:/@+-]{1,200}");

  /** The longest beginning first. */
  private final List<ModelGroup> groups;

  WildcardModels(Iterable<ModelGroup> all) {
    List<ModelGroup> some = new ArrayList<>();
    all.forEach(
        group -> {
          if (isWildcard(group.model())) {
            some.add(group);
          }
        });
    some.sort(Comparator.comparing((ModelGroup group) -> group.model().length()).reversed());
    groups = List.copyOf(some);
  }

  static boolean isWildcard(String model) {
    return model.endsWith(ANY);
  }

  /** Whether names under this beginning, such as {@code openai/gpt-*}, may be covered. */
  boolean overlaps(String pattern) {
    String start = pattern.substring(0, pattern.length() - ANY.length());
    return isWildcard(pattern)
        && groups.stream()
            .map(WildcardModels::beginning)
            .anyMatch(theirs -> theirs.startsWith(start) || start.startsWith(theirs));
  }

  /** The model of this name, at the providers of the first wildcard that covers it. */
  Optional<ModelGroup> find(String name) {
    return NAME.matcher(name).matches()
        ? groups.stream()
            .filter(group -> name.length() > beginning(group).length())
            .filter(group -> name.startsWith(beginning(group)))
            .findFirst()
            .map(group -> named(group, name))
        : Optional.empty();
  }

  /**
   * The names under which clients find a vendor's models.
   *
   * @param models those of one provider
   * @param theirs the vendor's names
   */
  static Stream<String> names(List<ServedModel> models, List<String> theirs) {
    return models.stream()
        .filter(model -> isWildcard(model.id()))
        .flatMap(model -> theirs.stream().flatMap(name -> name(model, name).stream()));
  }

  private static Optional<String> name(ServedModel wildcard, String theirs) {
    String pattern = wildcard.upstreamId();
    int star = pattern.indexOf(ANY);
    String before = pattern.substring(0, Math.max(0, star));
    String after = pattern.substring(star + 1);
    boolean covered =
        star >= 0
            && theirs.length() > before.length() + after.length()
            && theirs.startsWith(before)
            && theirs.endsWith(after);
    return covered
        ? Optional.of(
            wildcard.id().substring(0, wildcard.id().length() - ANY.length())
                + theirs.substring(before.length(), theirs.length() - after.length()))
        : Optional.empty();
  }

  private static String beginning(ModelGroup group) {
    return group.model().substring(0, group.model().length() - ANY.length());
  }

  private static ModelGroup named(ModelGroup group, String name) {
    String rest = name.substring(beginning(group).length());
    return new ModelGroup(
        name,
        group.pools().stream()
            .map(
                pool ->
                    new CapacityPool(
                        pool.provider(),
                        pool.choice(),
                        pool.members().stream().map(one -> named(one, name, rest)).toList()))
            .toList());
  }

  /** Fallback models keep their own names. */
  private static PoolMember named(PoolMember member, String name, String rest) {
    ServedModel model = member.route().model();
    return isWildcard(model.id())
        ? new PoolMember(
            new ModelRoute(
                model.named(name, model.upstreamId().replace(ANY, rest)),
                member.route().provider()),
            member.endpoint())
        : member;
  }
}
