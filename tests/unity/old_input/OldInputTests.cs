using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>A project with the Input Manager: screens follow its axes and keys.</summary>
    [TestFixture]
    public class OldInputTests
    {
        private SentioConsent _consent;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            Forget();
            _consent = new GameObject("Consent").AddComponent<SentioConsent>();
            Show();
        }

        [TearDown]
        public void End()
        {
            Forget();
            Stage.Reset();
        }

        private static void Forget()
        {
            Input.Axes = new Dictionary<string, float>();
            Input.Held.Clear();
            Input.Down.Clear();
        }

        private void Show()
        {
            Stage.Frame(0.016f);
            Sheet.Show(() => Stage.Call(_consent, "OnGUI"));
        }

        [Test]
        public void AStickMovesAndAButtonPresses()
        {
            Input.Axes["Horizontal"] = -1;
            Show();
            Assert.AreEqual("stop", _consent.Focus.Name);
            Input.Axes["Horizontal"] = 0;
            Input.Axes["Vertical"] = 0.9f;
            Show();
            Assert.AreEqual("headset adapt", _consent.Focus.Name);
            Input.Axes["Vertical"] = 0;
            Input.Down.Add(KeyCode.JoystickButton0);
            Show();
            Assert.AreNotEqual("", _consent.Problem, "there is no client");
        }

        [Test]
        public void KeysDoWithoutTheDefaultAxes()
        {
            Input.Axes = null;
            Show();
            Input.Held.Add(KeyCode.LeftArrow);
            Show();
            Assert.AreEqual("stop", _consent.Focus.Name);
            Input.Held.Clear();
            Input.Held.Add(KeyCode.RightArrow);
            Show();
            Input.Held.Clear();
            foreach (KeyCode key in new[] { KeyCode.Return, KeyCode.KeypadEnter, KeyCode.Space })
            {
                _consent.Open();
                Show();
                Show();
                Input.Down.Add(key);
                Show();
                Assert.IsFalse(_consent.IsOpen, key.ToString());
                Input.Down.Clear();
            }
        }
    }
}
