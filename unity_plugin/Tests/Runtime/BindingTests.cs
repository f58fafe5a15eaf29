using System;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Tests of bindings.</summary>
    [TestFixture]
    public class BindingTests
    {
        private Rig _rig;
        private HandFeed _feed;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _feed = _rig.Make<HandFeed>();
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private SentioBinding Make(Action<SentioBinding> set = null)
        {
            return _rig.Make<SentioBinding>(one =>
            {
                one.Source = _feed;
                one.Smoothing = 0;
                one.DeadBand = 0;
                one.Entry = AffectEntry.Arousal;
                one.Points = new[] { new Vector2(-1, 0), new Vector2(1, 1) };
                one.Neutral = 0;
                if (set != null) set(one);
            });
        }

        private static void Run(SentioBinding binding, float seconds)
        {
            for (int frame = 0; frame < seconds * 50; frame++) binding.Advance(0.02f);
        }

        [Test]
        public void ItFollowsAffect()
        {
            SentioBinding binding = Make();
            float raised = -1;
            binding.OnChanged.AddListener(value => raised = value);
            _feed.Give(AffectEntry.Arousal, 0.5f, 0.8f);
            Run(binding, 3);
            Assert.AreEqual(0.75f, binding.Value, 1e-4);
            Assert.AreEqual(binding.Value, raised);
        }

        [Test]
        public void WithoutAffectItStaysNeutral()
        {
            SentioBinding binding = Make(one => one.Neutral = -1);
            Run(binding, 1);
            Assert.AreEqual(0, binding.Value, 1e-6);
            _feed.Give(AffectEntry.Arousal, 1, 0.001f);
            Run(binding, 5);
            Assert.AreEqual(0, binding.Value, 1e-6, "a doubtful value is not believed");
        }

        [Test]
        public void AnOldStateIsIgnored()
        {
            SentioBinding binding = Make();
            _feed.Give(AffectEntry.Arousal, 1, 0.8f);
            Run(binding, 3);
            Assert.AreEqual(1, binding.Value, 1e-4);
            _feed.AgeNow = 2;
            Run(binding, 5);
            Assert.AreEqual(0.5f, binding.Value, 1e-4);
        }

        [Test]
        public void SwitchedOffItEases()
        {
            SentioBinding binding = Make();
            _feed.Give(AffectEntry.Arousal, 1, 0.8f);
            Run(binding, 3);
            binding.Adapt = false;
            float before = binding.Value;
            for (int frame = 0; frame < 250; frame++)
            {
                binding.Advance(0.02f);
                Assert.Less(Math.Abs(binding.Value - before), 0.02f);
                before = binding.Value;
            }
            Assert.AreEqual(0.5f, binding.Value, 1e-4);
        }

        [Test]
        public void RailsLimitItsSpeedByItsRange()
        {
            SentioRails rails = _rig.Make<SentioRails>(one => one.Rise = 0.1f);
            SentioBinding binding = Make(one =>
            {
                one.Rails = rails;
                one.EaseSeconds = 0;
                one.Points = new[] { new Vector2(-1, 0), new Vector2(1, 10) };
            });
            _feed.Give(AffectEntry.Arousal, -1, 0.8f);
            Run(binding, 10);
            Assert.AreEqual(0, binding.Value, 1e-3);
            _feed.Give(AffectEntry.Arousal, 1, 0.8f);
            Run(binding, 1);
            Assert.AreEqual(1, binding.Value, 0.05, "a tenth of its range a second");
            Assert.AreEqual("slew", rails.Audit[rails.Audit.Count - 1].Rail);
            rails.SafeStop();
            Run(binding, 5);
            Assert.AreEqual(5, binding.Value, 1e-3, "the response to neutral");
        }

        [TestCase(true)]
        [TestCase(false)]
        public void ALightCannotFlash(bool railed)
        {
            SentioRails rails = !railed ? null : _rig.Make<SentioRails>(one =>
            {
                one.Rise = 1000;
                one.Fall = 1000;
            });
            SentioBinding binding = Make(one =>
            {
                one.Rails = rails;
                one.IsLight = true;
                one.EaseSeconds = 0;
                one.Points = new[] { new Vector2(-1, 0), new Vector2(1, 8) };
            });
            int turns = 0;
            float before = 0;
            for (int frame = 0; frame < 50; frame++)
            {
                _feed.Give(AffectEntry.Arousal, frame % 2 == 0 ? 1 : -1, 0.8f);
                binding.Advance(0.02f);
                if (frame > 0 && Math.Abs(binding.Value - before) > 0.8f) turns++;
                before = binding.Value;
            }
            Assert.LessOrEqual(turns, 6);
            Assert.Greater(turns, 1, "slow changes come through");
            if (railed) Assert.AreEqual("flash", rails.Audit[rails.Audit.Count - 1].Rail);
        }

        [Test]
        public void AColourFollowsTheGradient()
        {
            var colours = new Gradient();
            colours.SetKeys(
                new[] { new GradientColorKey(Color.black, 0), new GradientColorKey(new Color(0, 0, 1), 1) },
                new[] { new GradientAlphaKey(1, 0), new GradientAlphaKey(1, 1) });
            SentioBinding binding = Make(one => one.Colours = colours);
            Color raised = Color.white;
            binding.OnColour.AddListener(colour => raised = colour);
            _feed.Give(AffectEntry.Arousal, 1, 0.8f);
            Run(binding, 3);
            Assert.AreEqual(1, raised.b, 1e-3);
            Assert.AreEqual(0, raised.r, 1e-3);
        }

        [Test]
        public void AColourCannotFlashWithoutRailsEither()
        {
            var colours = new Gradient();
            colours.SetKeys(
                new[] { new GradientColorKey(Color.black, 0), new GradientColorKey(Color.white, 1) },
                new[] { new GradientAlphaKey(1, 0), new GradientAlphaKey(1, 1) });
            SentioBinding binding = Make(one =>
            {
                one.Colours = colours;
                one.EaseSeconds = 0;
            });
            int turns = 0;
            float before = 0;
            for (int frame = 0; frame < 50; frame++)
            {
                _feed.Give(AffectEntry.Arousal, frame % 2 == 0 ? 1 : -1, 0.8f);
                binding.Advance(0.02f);
                if (Math.Abs(binding.Colour.g - before) > 0.3f) turns++;
                before = binding.Colour.g;
            }
            Assert.LessOrEqual(turns, 7, "the first lights it up");
            Assert.AreEqual(0, binding.Value, 1e-3, "the number itself is no light");
        }

        [Test]
        public void ACurveTakesPrecedenceOverThePoints()
        {
            SentioBinding binding = Make(one => one.Curve = AnimationCurve.Linear(-1, 3, 1, 5));
            _feed.Give(AffectEntry.Arousal, 0, 0.8f);
            Run(binding, 3);
            Assert.AreEqual(4, binding.Value, 0.02);
        }

        [Test]
        public void TwoBindingsOfOneObjectHaveSeparateLimits()
        {
            SentioRails rails = _rig.Make<SentioRails>();
            SentioBinding one = Make(made => made.Rails = rails);
            SentioBinding two = one.gameObject.AddComponent<SentioBinding>();
            two.Source = _feed;
            two.Rails = rails;
            two.Points = new[] { new Vector2(-1, 100), new Vector2(1, 200) };
            _feed.Give(AffectEntry.Arousal, 1, 0.8f);
            Run(one, 1);
            Run(two, 1);
            Assert.LessOrEqual(one.Value, 1);
            Assert.GreaterOrEqual(two.Value, 100);
        }
    }
}
