/** The commands of {@code concert forge}: accounts at GitLab, Gitea and Forgejo. */
package dev.concert.platform.command.forge;
