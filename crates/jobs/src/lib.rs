//! Job kinds, queue, worker, schedule.
