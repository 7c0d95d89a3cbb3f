/**
 * Forges: an agent is a colleague on a repository. {@link dev.concert.github.GitHubVerticle} puts
 * the parts together: a {@code forge} is GitHub ({@code hub}), GitLab or Gitea, {@code connection}
 * knows what tenants have there, {@code api} makes the calls, {@code webhook} has what forges tell,
 * {@code work} does it. Of GitHub alone {@code news} tells it, and {@code repository} answers
 * members.
 */
package dev.concert.github;
