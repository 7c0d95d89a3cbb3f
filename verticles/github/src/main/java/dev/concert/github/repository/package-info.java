/**
 * What members ask about repositories. {@link dev.concert.github.repository.RepositoryService}
 * answers: a {@code ServedRepository} is one that an App of the tenant serves, {@code
 * RepositoryCatalog} lists them, {@code RepositoryReader} and {@code RepositoryWriter} ask GitHub,
 * each with a token for this one repository and this one thing. {@code RunList} has the work.
 */
package dev.concert.github.repository;
