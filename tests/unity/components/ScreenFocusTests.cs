using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The package's screens with a keyboard or a gamepad alone.</summary>
    [TestFixture]
    public class ScreenFocusTests
    {
        private sealed class Hands : IPad
        {
            public Vector2 Direction { get; set; }
            public bool Submits { get; set; }
        }

        private Rig _rig;
        private Hands _hands;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
            _hands = new Hands();
            GUIUtility.keyboardControl = 0;
        }

        [TearDown]
        public void End()
        {
            Screen.Set(1280, 720, 96);
            _rig.Dispose();
            Stage.Reset();
        }

        private T Open<T>(System.Action<T> set = null) where T : SentioScreen
        {
            T screen = _rig.Make<T>(one =>
            {
                var chooser = one as SentioSensorChooser;
                if (chooser) chooser.FilePath = Path.Combine(Path.GetTempPath(), "sentio-none", "sensors.toml");
                if (set != null) set(one);
                one.Moves.Pad = _hands;
            });
            if (screen is SentioConsent) (screen as SentioConsent).Open();
            if (screen is SentioSensorChooser) (screen as SentioSensorChooser).Open();
            if (screen is SentioCalibration) (screen as SentioCalibration).Open();
            Show(screen);
            return screen;
        }

        private static List<Sheet.Item> Show(SentioScreen screen)
        {
            Stage.Frame(0.016f);
            return Sheet.Show(() => Stage.Call(screen, "OnGUI"));
        }

        // Presses and releases, as a person does; the screen is drawn after each.
        private void Press(SentioScreen screen, params SentioMove[] moves)
        {
            foreach (SentioMove move in moves)
            {
                float x = move == SentioMove.Right ? 1 : move == SentioMove.Left ? -1 : 0;
                float y = move == SentioMove.Up ? 1 : move == SentioMove.Down ? -1 : 0;
                _hands.Direction = new Vector2(x, y);
                _hands.Submits = move == SentioMove.Submit;
                Show(screen);
                _hands.Direction = Vector2.zero;
                _hands.Submits = false;
                Show(screen);
            }
        }

        private static void TwoSensors(SentioConsent consent)
        {
            consent.Sensors = new[] { "camera", "body" };
            consent.Purposes = new[] { "adapt", "exercise" };
        }

        [Test]
        public void EveryControlOfTheConsentDialogIsReached()
        {
            var consent = Open<SentioConsent>(TwoSensors);
            Assert.AreEqual("done", consent.Focus.Name, "begins where nothing is granted");
            foreach (string wanted in new[] { "body exercise", "body adapt", "camera exercise", "camera adapt", "camera adapt" })
            {
                Press(consent, SentioMove.Up);
                Assert.AreEqual(wanted, consent.Focus.Name);
            }
            for (int i = 0; i < 4; i++) Press(consent, SentioMove.Down);
            Assert.That(consent.Focus.Name, Is.EqualTo("stop").Or.EqualTo("done"));
            Press(consent, SentioMove.Left, SentioMove.Left);
            Assert.AreEqual("stop", consent.Focus.Name);
            Press(consent, SentioMove.Right, SentioMove.Right);
            Assert.AreEqual("done", consent.Focus.Name);
            Press(consent, SentioMove.Down);
            Assert.AreEqual("done", consent.Focus.Name);
        }

        [Test]
        public void SubmitPressesOnlyWhatHasTheFocusAndOnce()
        {
            var consent = Open<SentioConsent>(TwoSensors);
            int closed = 0;
            consent.Closed += () => closed++;
            Press(consent, SentioMove.Up, SentioMove.Up);
            Assert.AreEqual("", consent.Problem);
            Press(consent, SentioMove.Submit);
            StringAssert.Contains("no client", consent.Problem);
            Assert.IsTrue(consent.IsOpen);
            Press(consent, SentioMove.Down, SentioMove.Down, SentioMove.Right, SentioMove.Submit, SentioMove.Submit);
            Assert.IsFalse(consent.IsOpen);
            Assert.AreEqual(1, closed);
        }

        [Test]
        public void WhatIsSwitchedOffIsPassedOver()
        {
            var consent = Open<SentioConsent>(one =>
            {
                one.Sensors = new[] { "camera", "body" };
                one.Purposes = new[] { "adapt", "record" };
            });
            Press(consent, SentioMove.Up);
            Assert.AreEqual("body adapt", consent.Focus.Name, "recording requires reading");
            Press(consent, SentioMove.Up);
            Assert.AreEqual("camera adapt", consent.Focus.Name);
        }

        [Test]
        public void ASensorIsChosenAndTheFocusStaysWithIt()
        {
            var camera = new SensorDevice { Type = "camera", Name = "Webcam" };
            camera.Settings["index"] = "0";
            var chooser = Open<SentioSensorChooser>();
            chooser.Choose("camera", camera);
            Show(chooser);
            Press(chooser, SentioMove.Up);
            Assert.AreEqual("lsl ", chooser.Focus.Name);
            for (int i = 0; i < 5; i++) Press(chooser, SentioMove.Up);
            Assert.AreEqual("camera ", chooser.Focus.Name);
            Press(chooser, SentioMove.Submit);
            Assert.IsNull(chooser.Chosen("camera"));
            Assert.AreEqual("camera ", chooser.Focus.Name, "one control fewer");
            chooser.Choose("camera", camera);
            Show(chooser);
            Press(chooser, SentioMove.Down);
            Assert.AreEqual("camera index=0 ", chooser.Focus.Name);
            chooser.Choose("camera", null);
            Show(chooser);
            Press(chooser, SentioMove.Down);
            Assert.AreEqual("camera ", chooser.Focus.Name, "what had the focus is gone: the first one");
            for (int i = 0; i < 9; i++) Press(chooser, SentioMove.Down);
            Press(chooser, SentioMove.Right, SentioMove.Right, SentioMove.Left, SentioMove.Submit);
            Assert.IsFalse(chooser.IsOpen, "cancelled");
        }

        [Test]
        public void ABaselineIsBegunAndLeft()
        {
            var calibration = Open<SentioCalibration>();
            int refused = 0;
            calibration.Refused += reasons => refused++;
            Press(calibration, SentioMove.Submit);
            Assert.AreEqual(1, refused, "there is no client");
            Press(calibration, SentioMove.Left, SentioMove.Submit);
            Assert.IsFalse(calibration.IsOpen);
        }

        [Test]
        public void TheListFollowsTheFocusOnSmallScreens()
        {
            foreach (int[] display in new[] { new[] { 320, 480 }, new[] { 480, 320 }, new[] { 1280, 720 } })
            {
                Screen.Set(display[0], display[1], 96);
                var consent = Open<SentioConsent>(one =>
                {
                    one.Sensors = new[] { "camera", "microphone", "body", "eeg", "text", "headset", "input", "motion" };
                    one.Purposes = new[] { "adapt", "exercise", "research" };
                });
                for (int i = 0; i < 25; i++)
                {
                    Press(consent, SentioMove.Up);
                    CheckInView(Show(consent), consent.Focus.Name + " at " + display[0]);
                }
                Assert.AreEqual("camera adapt", consent.Focus.Name);
                Assert.AreEqual(0, List(Show(consent)).Scrolled, "the introduction is read too");
                for (int i = 0; i < 24; i++) Press(consent, SentioMove.Down);
                Sheet.Item list = List(Show(consent));
                Assert.AreEqual(Mathf.Max(list.Needs - list.Place.height, 0), list.Scrolled, 8, "and what is below the last");
                consent.Close();
            }
        }

        [Test]
        public void WhatIsHeldWhileAScreenOpensDoesNothing()
        {
            _hands.Submits = true;
            _hands.Direction = new Vector2(0, 1);
            var consent = Open<SentioConsent>();
            _hands.Submits = false;
            Show(consent);
            Stage.Run(1);
            Show(consent);
            Assert.IsTrue(consent.IsOpen);
            Assert.AreEqual("done", consent.Focus.Name);
        }

        [Test]
        public void TypingAGuardiansNamePressesNothing()
        {
            var consent = Open<SentioConsent>(one => one.AskGuardian = true);
            for (int i = 0; i < 20; i++) Press(consent, SentioMove.Up);
            Assert.AreEqual("guardian", consent.Focus.Name);
            Assert.AreEqual(0, GUIUtility.keyboardControl);
            Press(consent, SentioMove.Submit);
            Assert.AreNotEqual(0, GUIUtility.keyboardControl, "it takes the keys now");
            Press(consent, SentioMove.Down, SentioMove.Submit, SentioMove.Right, SentioMove.Submit);
            Assert.AreEqual("guardian", consent.Focus.Name);
            Assert.IsTrue(consent.IsOpen && consent.Problem.Length == 0);
            Event.current = new Event { type = EventType.KeyDown, keyCode = KeyCode.Return };
            Stage.Call(consent, "OnGUI");
            Event.current = new Event();
            Assert.AreEqual(0, GUIUtility.keyboardControl);
            _hands.Submits = true;
            Show(consent);
            _hands.Submits = false;
            Assert.AreEqual(0, GUIUtility.keyboardControl, "the key that ended it presses nothing");
            Show(consent);
            Press(consent, SentioMove.Down);
            Assert.AreNotEqual("guardian", consent.Focus.Name);
        }

        [Test]
        public void AHeldDirectionRepeats()
        {
            var moves = new ScreenMoves { Pad = _hands };
            moves.Read(0.1f);
            _hands.Direction = new Vector2(0.1f, -0.9f);
            var made = new List<SentioMove>();
            for (int i = 0; i < 100; i++) made.Add(moves.Read(0.01f));
            Assert.AreEqual(SentioMove.Down, made[0]);
            Assert.IsTrue(made.GetRange(1, 40).TrueForAll(one => one == SentioMove.None), "not at once");
            Assert.That(made.FindAll(one => one == SentioMove.Down).Count, Is.InRange(4, 7));
            _hands.Direction = new Vector2(0.3f, -0.3f);
            Assert.AreEqual(SentioMove.None, moves.Read(1), "a stick at rest");
        }

        [Test]
        public void OnlyTheScreenInFrontHasTheFocus()
        {
            var consent = Open<SentioConsent>();
            Assert.IsTrue(consent.HasFocus);
            var calibration = Open<SentioCalibration>();
            Assert.IsTrue(calibration.HasFocus);
            Assert.IsFalse(consent.HasFocus);
            Press(consent, SentioMove.Left, SentioMove.Up);
            Assert.AreEqual("done", consent.Focus.Name);
            consent.Open();
            Assert.IsTrue(consent.HasFocus, "brought to the front");
            calibration.Open();
            calibration.Close();
            Assert.IsTrue(consent.HasFocus, "given back");
            calibration.Open();
            calibration.gameObject.SetActive(false);
            Assert.IsTrue(consent.HasFocus, "a hidden screen has none");
            calibration.gameObject.SetActive(true);
            Assert.IsFalse(consent.HasFocus);
            calibration.ShowPanel = false;
            Assert.IsTrue(consent.HasFocus, "the game draws its own");
            Object.DestroyImmediate(consent.gameObject);
            calibration.ShowPanel = true;
            Assert.IsTrue(calibration.HasFocus);
        }

        [Test]
        public void AGameNavigatesWithItsOwnInput()
        {
            var consent = Open<SentioConsent>(one => one.ReadsInput = false);
            Press(consent, SentioMove.Left, SentioMove.Submit);
            Assert.AreEqual("done", consent.Focus.Name);
            consent.Navigate(SentioMove.Left);
            Assert.AreEqual("stop", consent.Focus.Name);
            consent.Navigate(SentioMove.Right);
            consent.Navigate(SentioMove.Submit);
            Show(consent);
            Assert.IsFalse(consent.IsOpen);
            consent.Navigate(SentioMove.Submit);
        }

        [Test]
        public void TheOverlayScrolls()
        {
            Screen.Set(640, 400, 96);
            var hud = _rig.Make<SentioHud>(one => one.Feed = _rig.Make<SentioSimulator>());
            Stage.Run(1);
            Assert.AreEqual(0, List(Sheet.Show(() => Stage.Call(hud, "OnGUI"))).Scrolled);
            foreach (KeyCode key in new[] { KeyCode.PageDown, KeyCode.PageUp })
            {
                Event.current = new Event { type = EventType.KeyDown, keyCode = key };
                Stage.Call(hud, "OnGUI");
                Event.current = new Event();
                Sheet.Item list = List(Sheet.Show(() => Stage.Call(hud, "OnGUI")));
                if (key == KeyCode.PageDown) Assert.That(list.Scrolled, Is.InRange(100, list.Needs - list.Place.height + 1));
                else Assert.AreEqual(0, list.Scrolled);
            }
            for (int i = 0; i < 20; i++) hud.ScrollPages(1);
            Sheet.Show(() => Stage.Call(hud, "OnGUI"));
            Sheet.Item end = List(Sheet.Show(() => Stage.Call(hud, "OnGUI")));
            Assert.AreEqual(end.Needs - end.Place.height, end.Scrolled, 8, "not beyond its end");
        }

        private static Sheet.Item List(List<Sheet.Item> items) { return items.Find(one => one.Kind == "scroll"); }

        private static void CheckInView(List<Sheet.Item> items, string what)
        {
            Sheet.Item list = List(items);
            List<Sheet.Item> frame = items.FindAll(one => one.Kind == "fill" && one.Scrolls && IsTeal(one.Tone));
            Assert.AreEqual(4, frame.Count, what + " has a frame");
            foreach (Sheet.Item line in frame)
            {
                float top = line.Place.y - list.Scrolled, bottom = line.Place.yMax - list.Scrolled;
                Assert.That(top, Is.GreaterThanOrEqualTo(list.Place.y - 1), what + " is above the list");
                Assert.That(bottom, Is.LessThanOrEqualTo(list.Place.yMax + 1), what + " is below the list");
            }
        }

        private static bool IsTeal(Color tone) { return tone.r == Palette.Teal.r && tone.g == Palette.Teal.g && tone.a == 1; }
    }
}
