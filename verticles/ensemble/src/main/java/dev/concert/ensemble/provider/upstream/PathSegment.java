package dev.concert.ensemble.provider.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One segment of a URL's path. */
public final class PathSegment {
  private PathSegment() {}

  /** The text with everything escaped that could end the segment. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
