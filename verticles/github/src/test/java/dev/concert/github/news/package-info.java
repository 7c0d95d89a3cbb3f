/** What clients are told of repositories. */
package dev.concert.github.news;
