using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Panels in the world: place, gaze, controller, contents; vignette and motion.</summary>
    [TestFixture]
    public class WorldPanelTests
    {
        private const float Frame = 1f / 72;

        private static readonly Vector3 Eyes = new Vector3(0, 1.6f, 0);

        private Rig _rig;
        private SentioWorldPanel _panel;
        private Rows _rows;

        private sealed class Rows : IWorldContent
        {
            public readonly List<WorldLine> All = new List<WorldLine>();

            public void Write(List<WorldLine> lines) { lines.AddRange(All); }
        }

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _rows = new Rows();
            _panel = _rig.Make<SentioWorldPanel>();
            _panel.Content = _rows;
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private Vector3 Towards(int line)
        {
            for (float up = 0.6f; up > -0.6f; up -= 0.002f)
            {
                Vector3 along = _panel.At + Vector3.up * up - Eyes;
                if (_panel.Hit(Eyes, along) == line) return along;
            }
            Assert.Fail("line " + line + " cannot be pointed at");
            return Vector3.zero;
        }

        private void Gaze(Vector3 along, float seconds)
        {
            for (int i = 0; i < seconds / Frame; i++) _panel.Gaze(Eyes, along, Frame);
        }

        private void Show(params WorldLine[] lines)
        {
            _rows.All.AddRange(lines);
            _panel.Refresh();
            _panel.Place(Eyes, Vector3.forward);
        }

        [Test]
        public void ItIsPlacedLevelBeforeThePlayerWhoLooksDown()
        {
            Show(new WorldLine("text", 1, Color.white));
            _panel.Place(Eyes, new Vector3(0.5f, -0.7f, 0));
            Assert.AreEqual(_panel.Distance, _panel.At.x, 1e-5);
            Assert.AreEqual(Eyes.y - _panel.Below, _panel.At.y, 1e-5);
            Assert.AreEqual(0, _panel.At.z, 1e-5);
        }

        [Test]
        public void ALongGazePressesOnceAndAgainOnlyAfterLookingAway()
        {
            int presses = 0;
            Show(new WorldLine("title", 1.5f, Color.white), new WorldLine("go", 1, Color.white, () => presses++));
            Vector3 button = Towards(1);
            Gaze(button, 1.2f);
            Assert.AreEqual(0, presses);
            Assert.Greater(_panel.Dwell, 0.8f);
            Gaze(button, 3);
            Assert.AreEqual(1, presses);
            Gaze(Vector3.up, 0.1f);
            Assert.AreEqual(0, _panel.Dwell);
            Gaze(button, 1.5f);
            Assert.AreEqual(2, presses);
        }

        [Test]
        public void TextIsNoButtonAndAGazeOfZeroSecondsNeverPresses()
        {
            int presses = 0;
            Show(new WorldLine("title", 1, Color.white), new WorldLine("go", 1, Color.white, () => presses++));
            Vector3 title = _panel.At + Vector3.up * (_panel.Height / 2 - 0.04f) - Eyes;
            Assert.AreEqual(-1, _panel.Hit(Eyes, title));
            _panel.DwellSeconds = 0;
            Gaze(Towards(1), 5);
            Assert.AreEqual(0, presses);
        }

        [Test]
        public void ATriggerPressesOnceForEachPull()
        {
            int presses = 0;
            Show(new WorldLine("go", 1, Color.white, () => presses++));
            Vector3 button = Towards(0);
            for (int i = 0; i < 10; i++) Assert.AreEqual(0, _panel.Point(Eyes, button, true));
            Assert.AreEqual(1, presses);
            _panel.Point(Eyes, button, false);
            _panel.Point(Eyes, button, true);
            Assert.AreEqual(2, presses);
            Assert.AreEqual(-1, _panel.Point(Eyes, -button, true), "behind the player");
        }

        [Test]
        public void APulledTriggerThatSlidesOntoAButtonDoesNotPressIt()
        {
            int presses = 0;
            Show(new WorldLine("go", 1, Color.white, () => presses++));
            Vector3 button = Towards(0);
            _panel.Point(Eyes, Vector3.up, true);
            _panel.Point(Eyes, button, true);
            Assert.AreEqual(0, presses);
        }

        [Test]
        public void ItComesRoundAfterThePlayerHasLookedAway()
        {
            Show(new WorldLine("text", 1, Color.white));
            for (int i = 0; i < 72; i++) _panel.Follow(Eyes, Vector3.right, Frame);
            Assert.AreEqual(_panel.Distance, _panel.At.z, 1e-5, "after one second");
            for (int i = 0; i < 80; i++) _panel.Follow(Eyes, Vector3.right, Frame);
            Assert.AreEqual(_panel.Distance, _panel.At.x, 1e-5, "after two");
        }

        [Test]
        public void ThePanelIsHiddenWithoutLines()
        {
            _panel.Refresh();
            Assert.AreEqual(0, _panel.Height);
            Assert.AreEqual(-1, _panel.Hit(Eyes, Vector3.forward));
        }

        [Test]
        public void LongTextIsWrappedAtSpacesAndLongWordsAreCut()
        {
            CollectionAssert.AreEqual(new[] { "one two", "three" }, WorldLine.Wrap("one two three", 8));
            CollectionAssert.AreEqual(new[] { "abcd", "ef", "", "gh" }, WorldLine.Wrap("abcdef\n\ngh", 4));
            foreach (string line in WorldLine.Wrap(new string('x', 50) + " y z", 7)) Assert.LessOrEqual(line.Length, 7);
        }

        [Test]
        public void ConsentShowsTheWholeTextAndClosesByGaze()
        {
            SentioConsent consent = _rig.Make<SentioConsent>();
            consent.Open();
            _panel.Content = new ConsentContent(consent);
            Assert.IsFalse(consent.ShowPanel, "not drawn twice");
            _panel.Refresh();
            _panel.Place(Eyes, Vector3.forward);
            string shown = "";
            foreach (WorldLine line in _panel.Lines) shown += line.Text + "\n";
            StringAssert.Contains(consent.Title, shown);
            StringAssert.Contains(consent.Notice, shown);
            foreach (string sensor in consent.Sensors) StringAssert.Contains(ConsentWords.About(sensor), shown);
            foreach (string purpose in consent.Purposes) StringAssert.Contains(ConsentWords.Purpose(purpose), shown);
            bool closed = false;
            consent.Closed += () => closed = true;
            _panel.DwellSeconds = 1;
            Gaze(Towards(_panel.Lines.Count - 1), 1.2f);
            Assert.IsTrue(closed);
            Assert.AreEqual(0, _panel.Height, "closed is hidden");
        }

        [Test]
        public void ThePlayerHoldsAndEndsAnExposure()
        {
            SentioExposure exposure = _rig.Make<SentioExposure>();
            exposure.StepForward("therapist");
            _panel.Content = new ExposureContent(exposure);
            _panel.Refresh();
            _panel.Place(Eyes, Vector3.forward);
            Gaze(Towards(1), 1.5f);
            Assert.IsTrue(exposure.Held);
            Gaze(Vector3.up, 0.1f);
            Gaze(Towards(3), 1.5f);
            Assert.IsTrue(exposure.Finished);
            Assert.AreEqual("player", exposure.Moves[exposure.Moves.Count - 1].By);
        }

        [Test]
        public void TheOverlayAndTheLineOfWhatAdaptsAreShown()
        {
            HandFeed feed = _rig.Make<HandFeed>();
            _panel.Content = new HudContent(feed);
            _panel.Refresh();
            StringAssert.StartsWith("Sentio: ", _panel.Lines[0].Text);
            SentioWhy why = _rig.Make<SentioWhy>(one => one.Source = feed);
            _panel.Content = new WhyContent(why);
            Assert.IsFalse(why.ShowPanel);
            _panel.Refresh();
            Assert.AreEqual(0, _panel.Height, "before the first change");
            why.Advance(0.1f);
            feed.Report(new SentioAdaptation("demand", 0.7, "arousal 0.2 for 0.6"));
            why.Advance(0.1f);
            _panel.Refresh();
            Assert.AreEqual(1, _panel.Lines.Count);
            StringAssert.Contains("demand", _panel.Lines[0].Text);
        }

        [Test]
        public void TheVignetteLeavesTheMiddleClear()
        {
            Assert.AreEqual(0, SentioVignette.At(0, 0.1f));
            Assert.AreEqual(1, SentioVignette.At(0.7f, 0));
            SentioVignette vignette = _rig.Make<SentioVignette>();
            vignette.Strength = 2;
            Assert.AreEqual(1, vignette.Strength);
        }

        [Test]
        public void MotionNeedsItsOwnConsentAndAMissingHandIsUnknown()
        {
            SentioMotionSensor sensor = _rig.Make<SentioMotionSensor>();
            Assert.AreEqual("motion", sensor.About.Consent);
            var row = new float[12];
            Assert.AreEqual(0, sensor.Read(row), "no head");
            sensor.Head = _rig.Make<SentioExposure>().transform;
            sensor.Head.localPosition = new Vector3(0.1f, 1.6f, 0.2f);
            Assert.AreEqual(1, sensor.Read(row));
            Assert.AreEqual(1.6f, row[1]);
            Assert.AreEqual(1f, row[5]);
            Assert.IsTrue(float.IsNaN(row[6]) && float.IsNaN(row[11]));
        }
    }
}
