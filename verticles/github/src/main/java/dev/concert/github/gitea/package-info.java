/**
 * Gitea and Forgejo as a forge. {@link dev.concert.github.gitea.GiteaForge} believes and reads
 * webhooks with {@code GiteaEventReader}; {@code GiteaRepository} asks the REST API about one
 * repository, {@code GiteaStatus} sets statuses of commits, and {@code GiteaUpstream} is where git
 * goes.
 */
package dev.concert.github.gitea;
