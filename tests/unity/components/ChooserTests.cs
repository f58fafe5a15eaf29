using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The sensor chooser and the file that keeps the choice.</summary>
    [TestFixture]
    public class ChooserTests
    {
        private Rig _rig;
        private string _file;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
            _file = Path.Combine(Path.GetTempPath(), "sentio-" + System.Guid.NewGuid().ToString("N"), "sensors.toml");
        }

        [TearDown]
        public void End()
        {
            Stage.Reset();
            if (Directory.Exists(Path.GetDirectoryName(_file))) Directory.Delete(Path.GetDirectoryName(_file), true);
        }

        [Test]
        public void TheFileKeepsDevicesWithAnyText()
        {
            SensorDevice camera = Camera();
            SensorFile.Write(_file, new[] { camera, Strap() });
            List<SensorDevice> read = SensorFile.Read(_file);
            Assert.AreEqual(2, read.Count);
            Assert.IsTrue(camera.IsSame(read[0]));
            Assert.AreEqual(camera.Name, read[0].Name);
            Assert.IsTrue(Strap().IsSame(read[1]));
            StringAssert.Contains("\n\"rate-hz\" = \"30\"\n", File.ReadAllText(_file));
        }

        [Test]
        public void AFileOfAnotherProgramIsLeftAlone()
        {
            CollectionAssert.IsEmpty(SensorFile.Read(_file));
            Directory.CreateDirectory(Path.GetDirectoryName(_file));
            File.WriteAllText(_file, "[[source]]\ntype = \"lsl\"\n");
            CollectionAssert.IsEmpty(SensorFile.Read(_file));
        }

        [Test]
        public void TheKeptDeviceIsChosenAlsoIfItIsNotConnected()
        {
            SensorFile.Write(_file, new[] { Strap() });
            SentioSensorChooser chooser = Chooser();
            Assert.IsTrue(Strap().IsSame(chooser.Chosen("ble_heart")));
            Assert.AreEqual(1, chooser.Devices("ble_heart").Count);
            Assert.IsNull(chooser.Chosen("camera"));
            Assert.AreEqual("Not used", chooser.StateOf("camera"));
            Assert.AreEqual("Not allowed yet", chooser.StateOf("ble_heart"));
            Assert.AreEqual(-1f, chooser.Level("ble_heart"), "no level without consent");
        }

        [Test]
        public void AChoiceIsKept()
        {
            SentioSensorChooser chooser = Chooser();
            chooser.Choose("camera", Camera());
            Assert.IsTrue(chooser.Store(), chooser.Problem);
            Assert.IsTrue(Camera().IsSame(Chooser().Chosen("camera")));
            chooser.Choose("camera", null);
            Assert.IsTrue(chooser.Store(), chooser.Problem);
            Assert.IsNull(Chooser().Chosen("camera"));
        }

        [Test]
        public void AFolderThatCannotBeWrittenIsReported()
        {
            SentioSensorChooser chooser = Chooser();
            chooser.FilePath = "/proc/none/sensors.toml";
            Assert.IsFalse(chooser.Store());
            StringAssert.StartsWith("The choice could not be kept: ", chooser.Problem);
        }

        [Test]
        public void ALauncherWithoutAConfigurationGetsTheFile()
        {
            SentioLauncher launcher = _rig.Make<SentioLauncher>(one => one.Autostart = false);
            _rig.Make<SentioSensorChooser>(one =>
            {
                one.FilePath = _file;
                one.Launcher = launcher;
            });
            Assert.AreEqual(_file, launcher.Config);
            Assert.IsTrue(File.Exists(_file), "the sidecar needs a file also without sensors");
            CollectionAssert.IsSubsetOf(new[] { "--config", _file }, launcher.Arguments);
        }

        [Test]
        public void ThePanelIsDrawnOpenOnly()
        {
            SentioSensorChooser chooser = Chooser();
            Stage.Frame(0.02f);
            Assert.IsFalse(chooser.useGUILayout);
            chooser.Open();
            Assert.IsTrue(chooser.IsSearching);
            Stage.Frame(0.02f);
            Assert.IsTrue(chooser.useGUILayout);
            Stage.Call(chooser, "OnGUI");
            chooser.Close();
            Assert.IsFalse(chooser.IsSearching);
        }

        private SentioSensorChooser Chooser() { return _rig.Make<SentioSensorChooser>(one => one.FilePath = _file); }

        private static SensorDevice Camera()
        {
            var device = new SensorDevice { Type = "camera", Name = "Camera \"A\"" };
            device.Settings["device"] = "C:\\cams\\a \"b\" \u00e9\t";
            device.Settings["rate-hz"] = "30";
            return device;
        }

        private static SensorDevice Strap()
        {
            var device = new SensorDevice { Type = "ble_heart", Name = "Strap" };
            device.Settings["address"] = "a:b";
            return device;
        }
    }
}
