//! Persons, ties, enrolments, contact points, consents, reach, import rows and matching.
