/**
 * News of repositories: {@code EventNews} makes the event that clients get of one that GitHub told,
 * and {@link dev.concert.github.news.NewsPublisher} tells it to those of the tenant.
 */
package dev.concert.github.news;
