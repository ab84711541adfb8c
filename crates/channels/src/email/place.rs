//! Where a mail server may be. Decided over the addresses its name leads to at the moment of connecting: a name says nothing
//! of where it leads, and may lead elsewhere tomorrow. Leaves which servers an office may name to `acts`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a mail server may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At a public address.
    Public,
    /// On this machine.
    Loopback,
    /// Anywhere: whoever runs the installation has named it.
    Anywhere,
}

impl Place {
    /// Whether an address is such a place.
    pub fn holds(self, address: IpAddr) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Loopback => bare(address).is_loopback(),
            Self::Public => !is_inner(address),
        }
    }
}

/// An address of this machine, of a private network, or of no machine at all.
pub fn is_inner(address: IpAddr) -> bool {
    match bare(address) {
        IpAddr::V4(it) => inner_v4(it),
        IpAddr::V6(it) => inner_v6(it),
    }
}

/// An IPv4 address in the clothes of IPv6 is what it carries.
fn bare(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => match (it.to_ipv4_mapped(), it.segments()) {
            (Some(inside), _) => IpAddr::V4(inside),
            // NAT64 (RFC 6052) and 6to4 (RFC 3056) carry one too.
            (None, [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..]) => {
                IpAddr::V4(Ipv4Addr::from_bits((u32::from(a) << 16) | u32::from(b)))
            }
            (None, _) => address,
        },
    }
}

/// The special-purpose registry of IPv4 (RFC 6890 and what followed it).
fn inner_v4(it: Ipv4Addr) -> bool {
    let [a, b, c, _] = it.octets();
    it.is_loopback()
        || it.is_private()
        || it.is_link_local()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (b == 18 || b == 19))
}

fn inner_v6(it: Ipv6Addr) -> bool {
    it.is_loopback() || it.is_unspecified() || it.is_unique_local() || it.is_unicast_link_local() || it.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_are_known_in_every_dress() {
        for inner in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            let address: IpAddr = inner.parse().unwrap();
            assert!(is_inner(address) && !Place::Public.holds(address) && Place::Anywhere.holds(address), "{inner}");
        }
        for public in ["203.0.114.1", "8.8.8.8", "172.32.0.1", "2606:4700::1", "64:ff9b::808:808"] {
            let address: IpAddr = public.parse().unwrap();
            assert!(Place::Public.holds(address) && !Place::Loopback.holds(address), "{public}");
        }
        assert!(Place::Loopback.holds("127.0.0.1".parse().unwrap()) && Place::Loopback.holds("::1".parse().unwrap()));
        assert!(!Place::Loopback.holds("10.0.0.1".parse().unwrap()));
    }
}
