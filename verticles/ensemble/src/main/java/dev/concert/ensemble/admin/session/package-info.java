/**
 * The page for operators: its files, and the sign-in by which a browser may use the admin API
 * without keeping the admin key.
 */
package dev.concert.ensemble.admin.session;
