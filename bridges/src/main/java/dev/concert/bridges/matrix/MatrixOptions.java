package dev.concert.bridges.matrix;

import dev.concert.foundation.config.ConfigReader;
import java.util.List;

/**
 * Configures Matrix.
 *
 * @param homeservers base addresses of those that bridges may call: a tenant must not reach others
 *     from here
 */
public record MatrixOptions(List<String> homeservers) {
  public MatrixOptions {
    homeservers = homeservers.stream().map(MatrixOptions::withoutSlash).toList();
  }

  /**
   * @param section {@code bridges.matrix}
   */
  public static MatrixOptions from(ConfigReader section) {
    MatrixOptions options = new MatrixOptions(section.texts("homeservers"));
    section.refuseUnknown();
    return options;
  }

  static String withoutSlash(String address) {
    return address.strip().replaceAll("/+$", "");
  }
}
