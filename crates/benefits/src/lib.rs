//! What somebody gets, each with its own life. So far: a payment's life (`payment`), the account it goes to (`account`, `bank_kana`,
//! `yucho`, as somebody writes it down: `said_account`), the list of transfers a bank carries out (`transfer`) and its way there
//! (`transfer_run`), a parcel's life (`parcel`), how a carrier is told of it
//! (`shipment`, under a `receipt`), when and from whom a round's are sent (`shipping`), from what they are packed (`stock`), and what
//! the carrier's numbers do to them (`tracking_list`). Pure.
//! Leaves files to documents and who gets what to programmes.

pub mod account;
pub mod bank_kana;
pub mod parcel;
pub mod payer;
pub mod payment;
pub mod receipt;
pub mod said_account;
pub mod shipment;
pub mod shipping;
pub mod stock;
pub mod tracking_list;
pub mod transfer;
pub mod transfer_run;
pub mod yucho;

pub use account::{Account, AccountFault, AccountKind, AccountNumber, BankCode, BranchCode};
pub use bank_kana::{BankKana, NotInBanks};
pub use parcel::{Parcel, TrackingNumber};
pub use payer::Payer;
pub use payment::Payment;
pub use receipt::Receipt;
pub use said_account::SaidAccount;
pub use shipment::Place;
pub use shipping::Shipping;
pub use transfer::{Line, Requester, TransferFault, TransferList};
