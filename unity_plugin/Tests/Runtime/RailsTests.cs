using System;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Tests of the rails.</summary>
    [TestFixture]
    public class RailsTests
    {
        private Rig _rig;
        private SentioRails _rails;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _rails = _rig.Make<SentioRails>();
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private float Run(string what, float wanted, float seconds)
        {
            float given = float.NaN;
            for (int frame = 0; frame < seconds * 50; frame++)
            {
                _rails.Advance(0.02f);
                given = _rails.Limit(what, wanted, 0.02f);
            }
            return given;
        }

        [Test]
        public void FallsAreFasterThanRises()
        {
            _rails.Define("fog", 0, 0.4, 0.1);
            Assert.AreEqual(0.1f + 0.1f, Run("fog", 0.4f, 1), 1e-3);
            Assert.AreEqual(0.4f, Run("fog", 9, 5), 1e-4);
            Assert.AreEqual(0, Run("fog", 0, 1.1f), 1e-3);
        }

        [Test]
        public void ConsecutiveStepsAreOneEntry()
        {
            int raised = 0;
            _rails.Limited += note => raised++;
            Run("a", 5, 1);
            Assert.AreEqual(50, raised);
            Assert.AreEqual(1, _rails.Audit.Count);
            Assert.AreEqual(50, _rails.Audit[0].Count);
            Assert.AreEqual(5, _rails.Audit[0].Requested, 1e-6);
            for (int other = 0; other < 300; other++) _rails.Limit("b" + other, float.NaN, 0.02f);
            Assert.AreEqual(SentioRails.MostAudited, _rails.Audit.Count);
            Assert.AreEqual("not_finite", _rails.Audit[0].Rail);
        }

        [Test]
        public void ASafeStopLastsUntilARestart()
        {
            string why = "";
            _rails.Stopped += raised => why = raised;
            _rails.Define("x", 0, 1, 0.25);
            Run("x", 1, 5);
            _rails.SafeStop();
            Assert.AreEqual("safe_stop", why);
            Assert.AreEqual(0.25f, Run("x", 1, 2.1f), 1e-4);
            Assert.AreEqual("safe_stop", _rails.Audit[_rails.Audit.Count - 1].Rail);
            _rails.Restart();
            Assert.Greater(Run("x", 1, 1), 0.4f);
        }

        [Test]
        public void ASessionEnds()
        {
            _rails.SessionMinutes = 0.05f;
            Run("x", 1, 2.9f);
            Assert.AreEqual("", _rails.Ended);
            Assert.AreEqual(0, Run("x", 1, 3), 1e-4);
            Assert.AreEqual("session_over", _rails.Ended);
            Assert.AreEqual("session_over", _rails.Audit[_rails.Audit.Count - 1].Rail);
        }

        [Test]
        public void AnOperatorFreezesTheGame()
        {
            HandFeed feed = _rig.Make<HandFeed>();
            _rails.Feed = feed;
            bool frozen = false;
            _rails.FrozenChanged += raised => frozen = raised;
            float before = Run("x", 1, 1);
            feed.GiveDetail("frozen", true);
            Run("x", 1, 0.6f);
            Assert.IsTrue(frozen);
            float held = Run("x", 1, 1);
            Assert.AreEqual(held, Run("x", 1, 1));
            Assert.Less(held, before + 0.2f);
            _rails.Unfreeze();
            Assert.IsTrue(_rails.Frozen, "the operator's freeze takes precedence");
            feed.GiveDetail("frozen", false);
            Run("x", 1, 1);
            Assert.IsFalse(frozen);
        }

        [Test]
        public void AStrobeOfColoursIsLimited()
        {
            int turns = 0;
            Color before = Color.black;
            for (int frame = 0; frame < 60; frame++)
            {
                Color given = _rails.LimitColour("lamp", frame % 2 == 0 ? Color.white : Color.black, 1f / 60);
                if (Math.Abs(given.r - before.r) > 0.3f) turns++;
                before = given;
            }
            Assert.LessOrEqual(turns, 7, "the first lights it up");
            Assert.AreEqual("flash", _rails.Audit[0].Rail);
            _rails.Photosensitivity = false;
            Assert.AreEqual(1, _rails.LimitColour("lamp", Color.white, 0.01f).r);
        }

        [Test]
        public void ASlowColourIsNotChanged()
        {
            var wanted = new Color(0.2f, 0.4f, 0.6f, 0.5f);
            Color given = _rails.LimitColour("sky", wanted, 0.02f);
            Assert.AreEqual(wanted.r, given.r);
            Assert.AreEqual(wanted.a, given.a);
            Assert.AreEqual(0, _rails.Audit.Count);
        }

        [Test]
        public void PhotosensitivityIsOnByDefault()
        {
            Assert.IsTrue(_rails.Photosensitivity);
            Assert.AreEqual(0, _rails.LimitLight("x", float.NaN, 0.02f));
        }
    }
}
