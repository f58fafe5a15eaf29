using System.Reflection;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;
using UnityEngine.InputSystem;

namespace Sentio.Tests
{
    /// <summary>A project whose Active Input Handling is 'Input System Package (New)' alone: immediate mode draws
    /// but receives no input.</summary>
    [TestFixture]
    public class InputTests
    {
        private static readonly Rect Laid = new Rect(100, 100, 80, 20);
        private Mouse _mouse;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            GUI.enabled = true;
            typeof(SentioInput).GetField("_receivesEvents", BindingFlags.NonPublic | BindingFlags.Static).SetValue(null, false);
            GUILayoutUtility.Last = Laid;
            Event.current = new Event();
            Keyboard.current = new Keyboard();
            Gamepad.current = null;
            _mouse = Mouse.current = new Mouse();
            UnityEngine.InputSystem.Pointer.current = _mouse;
        }

        [TearDown]
        public void End()
        {
            Stage.Reset();
            GUILayoutUtility.Last = new Rect();
        }

        private void Click(float x, float y)
        {
            // The Input System counts from the lower left.
            _mouse.position.Value = new Vector2(x, Screen.height - y);
            _mouse.press.Down = _mouse.press.JustNow = true;
        }

        private static void Press(Key key) { Keyboard.current[key].Down = Keyboard.current[key].JustNow = true; }

        [Test]
        public void ItReadsDevicesIfThereAreAny()
        {
            Assert.IsTrue(SentioInput.ReadsDevices);
            Press(Key.Digit2);
            Assert.IsTrue(SentioInput.Pressed(KeyCode.Alpha2));
            Assert.IsTrue(SentioInput.Holds(KeyCode.Alpha2));
            Assert.IsFalse(SentioInput.Holds(KeyCode.Alpha3));
            Keyboard.current = null;
            Mouse.current = null;
            UnityEngine.InputSystem.Pointer.current = null;
            Assert.IsFalse(SentioInput.Pressed(KeyCode.Alpha2));
            Assert.IsFalse(SentioInput.IsDown);
            Assert.IsFalse(SentioInput.ClickedLast);
            Assert.AreEqual(0, SentioInput.ScrollPixels);
        }

        [Test]
        public void AClickCountsOnceOnAnEnabledControl()
        {
            Click(140, 110);
            Assert.IsTrue(SentioInput.ClickedLast);
            Event.current = new Event { type = EventType.Layout };
            Assert.IsFalse(SentioInput.ClickedLast, "each frame is laid out and then drawn");
            Event.current = new Event();
            GUI.enabled = false;
            Assert.IsFalse(SentioInput.ClickedLast);
            GUI.enabled = true;
            Click(140, 130);
            Assert.IsFalse(SentioInput.ClickedLast);
            Click(140, 110);
            _mouse.press.JustNow = false;
            Assert.IsFalse(SentioInput.ClickedLast, "it is only held");
        }

        [Test]
        public void TheHudsKeyWorks()
        {
            var hud = new GameObject("Hud").AddComponent<SentioHud>();
            hud.Visible = false;
            Press(Key.F3);
            Stage.Frame(0.016f);
            Stage.Call(hud, "OnGUI");
            Assert.IsTrue(hud.Visible);
        }

        [Test]
        public void AnImmediateModeEventIsNotCountedTwice()
        {
            var hud = new GameObject("Hud").AddComponent<SentioHud>();
            hud.Visible = false;
            Press(Key.F3);
            Event.current = new Event { type = EventType.KeyDown, keyCode = KeyCode.F3 };
            Stage.Call(hud, "OnGUI");
            Event.current = new Event();
            Stage.Call(hud, "OnGUI");
            Assert.IsTrue(hud.Visible);
            Click(140, 110);
            Assert.IsFalse(SentioInput.ClickedLast);
        }

        [Test]
        public void ConsentIsWithdrawnAndClosed()
        {
            var consent = new GameObject("Consent").AddComponent<SentioConsent>();
            consent.Open();
            Stage.Frame(0.016f);
            Stage.Call(consent, "OnGUI");
            Assert.IsTrue(consent.IsOpen);
            // All controls have the same position here: each receives the click, and the first reply reports
            // that no sidecar runs.
            Click(140, 110);
            Stage.Call(consent, "OnGUI");
            Assert.IsFalse(consent.IsOpen);
            Assert.AreNotEqual("", consent.Problem);
        }

        [Test]
        public void AGamepadOrTheKeyboardAlonePressesTheDialog()
        {
            foreach (bool pad in new[] { true, false })
            {
                var consent = new GameObject("Consent").AddComponent<SentioConsent>();
                Gamepad.current = pad ? new Gamepad() : null;
                Keyboard.current = pad ? null : new Keyboard();
                Mouse.current = null;
                UnityEngine.InputSystem.Pointer.current = null;
                Show(consent);
                if (pad) Gamepad.current.dpad.Value = new Vector2(-1, 0);
                else Press(Key.LeftArrow);
                Show(consent);
                Assert.AreEqual("stop", consent.Focus.Name);
                if (pad) Gamepad.current.dpad.Value = Vector2.zero;
                else Keyboard.current[Key.LeftArrow].Down = false;
                Assert.AreEqual("", consent.Problem);
                if (pad) Gamepad.current.buttonSouth.JustNow = true;
                else Press(Key.NumpadEnter);
                Show(consent);
                Assert.AreNotEqual("", consent.Problem, "everything is stopped: there is no client");
                if (pad) Gamepad.current.leftStick.Value = new Vector2(0.8f, 0.1f);
                else Press(Key.RightArrow);
                if (pad) Gamepad.current.buttonSouth.JustNow = false;
                else Keyboard.current[Key.NumpadEnter].JustNow = false;
                Show(consent);
                Assert.AreEqual("done", consent.Focus.Name);
                Assert.IsTrue(consent.IsOpen);
            }
        }

        [Test]
        public void TheDemosPanelHasKeys()
        {
            var demo = new GameObject("Demo").AddComponent<Emberfield>();
            Stage.Frame(0.016f);
            bool adapts = demo.Adaptation, shows = demo.Why.ShowLine;
            foreach (Key key in new[] { Key.F2, Key.F4, Key.F5 }) Press(key);
            Stage.Call(demo, "OnGUI");
            Assert.AreEqual(DemoSource.Sidecar, demo.Source);
            Assert.AreEqual(!adapts, demo.Adaptation);
            Assert.AreEqual(!shows, demo.Why.ShowLine);
            foreach (DemoSource next in new[] { DemoSource.Recording, DemoSource.Simulator })
            {
                Stage.Call(demo, "OnGUI");
                Assert.AreEqual(next, demo.Source);
            }
        }

        private static void Show(SentioConsent consent)
        {
            Stage.Frame(0.016f);
            Sheet.Show(() => Stage.Call(consent, "OnGUI"));
        }

        [Test]
        public void TheKeyWithdrawsWhileTheDialogIsClosed()
        {
            var consent = new GameObject("Consent").AddComponent<SentioConsent>();
            Stage.Frame(0.016f);
            consent.Close();
            Stage.Call(consent, "OnGUI");
            Assert.AreEqual("", consent.Problem);
            Press(Key.F9);
            Stage.Call(consent, "OnGUI");
            Assert.AreNotEqual("", consent.Problem);
        }

        [Test]
        public void ADemoIsControlledAndItsPanelResponds()
        {
            var demo = new GameObject("Demo").AddComponent<Emberfield>();
            Stage.Frame(0.016f);
            Assert.IsTrue(demo.Autoplay);
            Press(Key.W);
            Press(Key.F);
            Press(Key.Digit3);
            Stage.Call(demo, "OnGUI");
            Stage.Frame(0.016f);
            Assert.IsFalse(demo.Autoplay);
            Assert.IsTrue(demo.Rails.Frozen);
            Assert.AreEqual(SimulatedScenario.Joy, ((SentioSimulator)demo.Feed).Scenario);
            bool adapts = demo.Adaptation;
            Click(140, 110);
            Stage.Call(demo, "OnGUI");
            Assert.AreEqual(!adapts, demo.Adaptation);
            Assert.AreEqual(DemoSource.Recording, demo.Source);
        }
    }
}
