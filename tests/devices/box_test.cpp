/// What is made of the kernel's files of three kinds of boxes.
#include "devices/box.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/written_root.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(box)

using tests::WrittenRoot;

BOOST_AUTO_TEST_CASE(a_raspberry_pi_that_is_short_of_power) {
  const WrittenRoot root;
  root.write("proc/device-tree/model", std::string("Raspberry Pi 4 Model B Rev 1.4\0", 31));
  root.write("proc/cpuinfo",
             "processor\t: 0\nmodel name\t: ARMv7 Processor rev 3 (v7l)\n"
             "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva\n\n"
             "processor\t: 1\nmodel name\t: ARMv7 Processor rev 3 (v7l)\n\nHardware\t: BCM2711\n");
  root.write("proc/meminfo",
             "MemTotal:         947732 kB\nMemFree: 1 kB\nMemAvailable: 800000 kB\n");
  root.write("sys/class/thermal/thermal_zone0/temp", "48312\n");
  root.write("sys/class/thermal/thermal_zone1/temp", "61250\n");
  root.write("sys/class/thermal/cooling_device0/temp", "99000\n");
  root.write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
  const auto box = look_at_box(root.path());
  BOOST_TEST(box.board == "Raspberry Pi 4 Model B Rev 1.4");
  BOOST_TEST(box.cpu == "ARMv7 Processor rev 3 (v7l)");
  BOOST_TEST(box.cores == 2U);
  const std::vector<std::string> features{"neon", "vfpv4", "vfp"};
  BOOST_TEST(box.features == features, boost::test_tools::per_element());
  BOOST_TEST(box.memory_bytes == 947732U * 1024);
  BOOST_TEST(box.available_bytes == 800000U * 1024);
  BOOST_TEST(box.celsius.value() == 61.25);
  const Throttling expected{.under_voltage = true,
                            .throttled = true,
                            .has_been_under_voltage = true,
                            .has_been_throttled = true};
  BOOST_TEST((box.throttling == expected));
  BOOST_TEST(box.hot_celsius == 80);
}

BOOST_AUTO_TEST_CASE(newer_boards_have_it_elsewhere) {
  const WrittenRoot root;
  root.write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0");
  root.write("proc/cpuinfo",
             "processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd evtstrm crc32 asimdhp\n"
             "CPU implementer\t: 0x41\nCPU part\t: 0xd0b\n\nprocessor\t: 1\n");
  root.write("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "0x8\n");
  const auto box = look_at_box(root.path());
  BOOST_TEST(box.cpu == "Cortex-A76");
  BOOST_TEST(box.cores == 2U);
  const std::vector<std::string> features{"asimd"};
  BOOST_TEST(box.features == features, boost::test_tools::per_element());
  BOOST_TEST((box.throttling == Throttling{.too_hot = true}));
}

BOOST_AUTO_TEST_CASE(other_kernels_tell_of_the_voltage_only) {
  const WrittenRoot root;
  root.write("sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
  root.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "0\n");
  BOOST_TEST(!look_at_box(root.path()).throttling.has_value());
  root.write("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
  root.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
  BOOST_TEST((look_at_box(root.path()).throttling ==
              Throttling{.under_voltage = true, .voltage_only = true}));
}

BOOST_AUTO_TEST_CASE(a_risc_v_board) {
  const WrittenRoot root;
  root.write("proc/cpuinfo",
             "processor\t: 0\nhart\t: 1\nisa\t: rv64imafdc_zicntr_zba\nmmu\t: sv39\n"
             "uarch\t: sifive,u74-mc\n");
  const auto box = look_at_box(root.path());
  BOOST_TEST(box.cpu == "sifive,u74-mc");
  const std::vector<std::string> features{"rv64imafdc"};
  BOOST_TEST(box.features == features, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(powersave_is_slow_unless_the_driver_chooses) {
  const std::string cpufreq = "sys/devices/system/cpu/cpu0/cpufreq/";
  const WrittenRoot root;
  root.write(cpufreq + "scaling_governor", "powersave\n");
  root.write(cpufreq + "scaling_driver", "cpufreq-dt\n");
  BOOST_TEST(look_at_box(root.path()).slow_governor == "powersave");
  root.write(cpufreq + "scaling_driver", "intel_pstate\n");
  BOOST_TEST(look_at_box(root.path()).slow_governor.empty());
  root.write(cpufreq + "scaling_driver", "cpufreq-dt\n");
  root.write(cpufreq + "scaling_governor", "ondemand\n");
  BOOST_TEST(look_at_box(root.path()).slow_governor.empty());
}

BOOST_AUTO_TEST_CASE(a_laptop) {
  const WrittenRoot root;
  root.write("sys/class/dmi/id/product_name", "ThinkPad X1\n");
  root.write(
      "proc/cpuinfo",
      "processor\t: 0\nmodel name\t: Some CPU @ 2.5GHz\nflags\t\t: fpu sse2 fma avx2 bmi2\n");
  const auto box = look_at_box(root.path());
  BOOST_TEST(box.hot_celsius == 95);
  BOOST_TEST(box.board == "ThinkPad X1");
  BOOST_TEST(box.cpu == "Some CPU @ 2.5GHz");
  const std::vector<std::string> features{"avx2", "fma"};
  BOOST_TEST(box.features == features, boost::test_tools::per_element());
  BOOST_TEST(!box.celsius.has_value());
  BOOST_TEST(!box.throttling.has_value());
}

BOOST_AUTO_TEST_CASE(what_the_kernel_does_not_say_is_empty) {
  const WrittenRoot root;
  root.write("proc/meminfo", "MemTotal: many kB\n");
  root.write("sys/class/thermal/thermal_zone0/temp", "");
  const auto box = look_at_box(root.path());
  BOOST_TEST(box.board.empty());
  BOOST_TEST(box.cores == 0U);
  BOOST_TEST(box.memory_bytes == 0U);
  BOOST_TEST(!box.celsius.has_value());
  BOOST_TEST(!free_disk_bytes(root.path() / "none").has_value());
  BOOST_TEST(free_disk_bytes(root.path()).value() > 0U);
}

BOOST_AUTO_TEST_CASE(this_box_has_cores_and_memory) {
  const auto box = look_at_box();
  BOOST_TEST(box.cores > 0U);
  BOOST_TEST(box.memory_bytes >= box.available_bytes);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
