package dev.concert.protocol;

/** Requests about the Apps of a tenant on GitHub, and about who its members are there. */
public interface GitHubAccountMessage extends ClientMessage {
  /**
   * @param organization that will own the App; null for the admin's own account
   */
  record BeginGithubApp(String organization) implements GitHubAccountMessage {}

  record ConnectGithubApp(String code, String state) implements GitHubAccountMessage {
    /** Without the code. */
    @Override
    public String toString() {
      return "ConnectGithubApp[]";
    }
  }

  record BindGithubInstallation(String connectionId, long installationId)
      implements GitHubAccountMessage {}

  /**
   * @param connectionId of the App; null for the tenant's only one
   * @param device whether the member confirms on another device; null for no
   */
  record BeginGithubLink(String connectionId, Boolean device) implements GitHubAccountMessage {}

  /**
   * @param code that GitHub sent the browser back with; null on another device
   */
  record CompleteGithubLink(String state, String code) implements GitHubAccountMessage {
    /** Without the code. */
    @Override
    public String toString() {
      return "CompleteGithubLink[]";
    }
  }

  record GetGithubLink() implements GitHubAccountMessage {}

  record RemoveGithubLink() implements GitHubAccountMessage {}
}
