package dev.concert.github.api;

/**
 * The words in which the failures of a forge are told.
 *
 * @param title of the forge, such as GitHub
 * @param key of the configuration that has its address
 * @param lookAt where people see how it is
 */
public record ForgeTerms(String title, String key, String lookAt) {
  public static final ForgeTerms GITHUB =
      new ForgeTerms("GitHub", "github.apiUrl", "https://www.githubstatus.com");
}
