/**
 * GitHub: an agent is a colleague on a repository. {@link dev.concert.github.GitHubVerticle} puts
 * the parts together: {@code api} asks GitHub, {@code connection} knows the Apps of tenants, {@code
 * webhook} reads what GitHub sends, {@code work} does it, {@code news} tells it, {@code repository}
 * answers members.
 */
package dev.concert.github;
