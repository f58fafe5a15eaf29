using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Screens of the package on displays from a phone to a television: everything can be read and pressed.</summary>
    [TestFixture]
    public class ScreensTests
    {
        // Width, height and dots per inch.
        private static readonly int[][] Displays =
        {
            new[] { 320, 480, 96 }, new[] { 480, 320, 96 }, new[] { 640, 480, 96 }, new[] { 1080, 2340, 420 }, new[] { 2340, 1080, 420 },
            new[] { 1280, 720, 96 }, new[] { 1920, 1080, 96 }, new[] { 1920, 1080, 192 }, new[] { 3840, 2160, 96 },
        };

        private Rig _rig;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
        }

        [TearDown]
        public void End()
        {
            Screen.Set(1280, 720, 96);
            Stage.Reset();
        }

        [Test]
        public void TheConsentDialogFits()
        {
            var consent = _rig.Make<SentioConsent>(one =>
            {
                one.Sensors = new[] { "camera", "microphone", "body", "eeg", "text", "headset", "input", "motion" };
                one.Purposes = new[] { "adapt", "record", "record_raw", "personal_model" };
            });
            consent.Open();
            consent.Switch("camera", "adapt", true);
            Check("consent", consent);
        }

        [Test]
        public void AGuardianIsAskedForAndNamedInTheGrantUntilTheDialogCloses()
        {
            var consent = _rig.Make<SentioConsent>(one => one.AskGuardian = true);
            consent.Open();
            Assert.IsFalse(consent.About().ContainsKey("guardian"));
            consent.Guardian = " eva ";
            Check("guardian", consent);
            Assert.AreEqual("eva", consent.About()["guardian"]);
            Assert.AreEqual("guardian", consent.About()["by"]);
            StringAssert.Contains(ConsentWords.Guardian, (string)consent.About()["text"]);
            var lines = new List<WorldLine>();
            new ConsentContent(consent).Write(lines);
            Assert.IsTrue(lines.Exists(line => line.Text.Contains("eva")), "a headset shows it");
            consent.Close();
            Assert.IsFalse(consent.About().ContainsKey("guardian"), "the next one may be the child");
        }

        [Test]
        public void AConsentDialogForAnExerciseOrAStudyCanBeSwitchedOn()
        {
            var consent = _rig.Make<SentioConsent>(one =>
            {
                one.Sensors = new[] { "body" };
                one.Purposes = new[] { "exercise", "research", "record" };
            });
            consent.Open();
            var lines = new List<WorldLine>();
            new ConsentContent(consent).Write(lines);
            foreach (string purpose in new[] { "exercise", "research" })
                Assert.IsNotNull(lines.Find(line => line.Text.EndsWith(ConsentWords.Purpose(purpose))).Press, purpose);
            Assert.IsNull(lines.Find(line => line.Text.EndsWith(ConsentWords.Purpose("record"))).Press, "recording requires reading");
        }

        [Test]
        public void TheSensorChooserFits()
        {
            var chooser = _rig.Make<SentioSensorChooser>(one => one.FilePath = Path.Combine(Path.GetTempPath(), "sentio-none", "sensors.toml"));
            chooser.Open();
            Check("chooser", chooser);
        }

        [Test]
        public void TheCalibrationScreenFits()
        {
            var calibration = _rig.Make<SentioCalibration>();
            calibration.Open();
            Check("calibration", calibration);
        }

        [Test]
        public void TheOverlayFits()
        {
            var person = _rig.Make<SentioSimulator>();
            person.Scenario = SimulatedScenario.Stress;
            var hud = _rig.Make<SentioHud>(one => one.Feed = person);
            hud.Visible = true;
            Stage.Run(3);
            Check("hud", hud);
        }

        [Test]
        public void TheLineForPlayersFits()
        {
            HandFeed feed = _rig.Make<HandFeed>();
            var why = _rig.Make<SentioWhy>(one =>
            {
                one.Source = feed;
                one.Words = new[] { new SentioWords { What = "demand", Words = "The number of shades that come from the edge of the field" } };
            });
            Stage.Frame(0.02f);
            feed.Report(new SentioAdaptation("demand", 0.5f, "arousal_level 0.50 for 0.60"));
            Stage.Frame(0.02f);
            Assert.IsTrue(why.Shown);
            Check("why", why);
        }

        private static void Check(string name, MonoBehaviour screen)
        {
            var wrong = new List<string>();
            foreach (int[] display in Displays)
            {
                Screen.Set(display[0], display[1], display[2]);
                List<Sheet.Item> items = Sheet.Show(() => Stage.Call(screen, "OnGUI"));
                string where = name + " " + display[0] + "x" + display[1] + " at " + display[2];
                foreach (string fault in Faults(items)) wrong.Add(where + ": " + fault);
            }
            Assert.IsEmpty(wrong, string.Join("\n", wrong.ToArray()));
        }

        private static IEnumerable<string> Faults(List<Sheet.Item> items)
        {
            var all = new Rect(0, 0, Screen.width, Screen.height);
            Assert.Greater(items.Count, 2);
            foreach (Sheet.Item item in items)
            {
                string what = item.Kind + " '" + item.Text + "'";
                float least = 0.35f * Mathf.Min(Screen.height, 900);
                if (item.Kind == "scroll" && item.Place.height < Mathf.Min(item.Needs, least)) yield return "list of " + item.Place.height + " px";
                Rect within = item.Scrolls ? new Rect(item.Clip.x, 0, item.Clip.width, 1e6f) : Common(item.Clip, all);
                if (!Holds(within, item.Place)) yield return what + " is cut: " + Text(item.Place) + " of " + Text(within);
                if (item.Kind == "button" && item.Needs > 1.3f * item.Size * Mathf.Max(item.Place.height / 24, 0.5f)) yield return what + " is wrapped";
                if (item.Kind == "label" && item.Needs > item.Place.height + 0.5f) yield return what + " needs " + item.Needs + " of " + item.Place.height + " px";
            }
        }

        private static Rect Common(Rect a, Rect b)
        {
            float left = Mathf.Max(a.x, b.x), top = Mathf.Max(a.y, b.y);
            return new Rect(left, top, Mathf.Min(a.xMax, b.xMax) - left, Mathf.Min(a.yMax, b.yMax) - top);
        }

        private static bool Holds(Rect outer, Rect inner)
        {
            const float Slack = 0.6f;
            return inner.x >= outer.x - Slack && inner.y >= outer.y - Slack && inner.xMax <= outer.xMax + Slack && inner.yMax <= outer.yMax + Slack;
        }

        private static string Text(Rect r) { return r.x.ToString("0") + "," + r.y.ToString("0") + " " + r.width.ToString("0") + "x" + r.height.ToString("0"); }
    }
}
