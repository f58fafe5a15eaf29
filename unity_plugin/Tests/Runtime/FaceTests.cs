using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Tests of expressions and face tracking.</summary>
    [TestFixture]
    public class FaceTests
    {
        private Rig _rig;

        [SetUp]
        public void Begin() { _rig = new Rig(); }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private static Dictionary<string, object> Response(string shape, double weight)
        {
            return new Dictionary<string, object>
            {
                { "blendshapes", new Dictionary<string, object> { { shape, weight }, { "no such shape", 1.0 } } },
            };
        }

        private static void Run(SentioExpression expression, float seconds)
        {
            for (int frame = 0; frame < seconds * 50; frame++) expression.Advance(0.02f);
        }

        [Test]
        public void WeightsRiseQuicklyAndFallSlowly()
        {
            SkinnedMeshRenderer face = _rig.Face("jawOpen", "mouthSmileLeft");
            SentioExpression expression = _rig.Make<SentioExpression>(one => one.Face = face);
            Dictionary<string, object> raised = null;
            expression.Applied += response => raised = response;
            expression.Apply(Response("mouthSmileLeft", 0.5));
            Run(expression, 0.12f);
            Assert.AreEqual(0.5 * 0.632, expression.Weight("mouthSmileLeft"), 0.02);
            Run(expression, 2);
            Assert.AreEqual(50, face.GetBlendShapeWeight(1), 0.5);
            Assert.AreEqual(0, face.GetBlendShapeWeight(0));
            Assert.AreSame(raised, expression.Response);
            expression.Adapt = false;
            Run(expression, 0.35f);
            Assert.AreEqual(0.5 * 0.368, expression.Weight("mouthSmileLeft"), 0.02);
        }

        [Test]
        public void WeightsAreLimited()
        {
            SentioExpression expression = _rig.Make<SentioExpression>(one => one.Face = _rig.Face("jawOpen"));
            expression.Strength = 2;
            expression.ApplyWeights(new Dictionary<string, float> { { "jawOpen", 1 } });
            Run(expression, 3);
            Assert.AreEqual(0.9f, expression.Weight("jawOpen"), 1e-3);
            expression.Clear();
            Run(expression, 5);
            Assert.AreEqual(0, expression.Weight("jawOpen"), 1e-3);
        }

        [TestCase("blendShape1.eyeBlink_L", "eyeBlinkLeft")]
        [TestCase("Mouth Smile Right", "mouthSmileRight")]
        [TestCase("browDownR", "browDownRight")]
        [TestCase("EYEWIDELEFT", "eyeWideLeft")]
        [TestCase("jawOpen", "jawOpen")]
        public void NamesOfMeshesAreUnderstood(string mesh, string arkit)
        {
            Assert.AreEqual(ArkitShapes.IndexOf(arkit), ArkitShapes.Find(mesh));
            Assert.GreaterOrEqual(ArkitShapes.Find(mesh), 0);
        }

        [TestCase("")]
        [TestCase("tail_wag")]
        [TestCase("L")]
        [TestCase("browDownr")]
        public void UnknownNamesAreIgnored(string mesh)
        {
            Assert.AreEqual(-1, ArkitShapes.Find(mesh));
        }

        [Test]
        public void OtherNamesCanBeMapped()
        {
            SkinnedMeshRenderer face = _rig.Face("F01", "jawOpen");
            SentioExpression expression = _rig.Make<SentioExpression>(one =>
            {
                one.Face = face;
                one.Names = new[] { new ShapeName { Arkit = "cheekPuff", Mesh = "F01" } };
            });
            Assert.AreEqual(2, expression.KnownShapes);
            expression.ApplyWeights(new Dictionary<string, float> { { "cheekPuff", 0.4f } });
            Run(expression, 2);
            Assert.AreEqual(40, face.GetBlendShapeWeight(0), 0.5);
        }

        [Test]
        public void AFaceWithoutShapesIsReported()
        {
            SentioExpression expression = _rig.Make<SentioExpression>();
            StringAssert.Contains("Choose the face", expression.Problem);
            expression.Face = _rig.Face("tail");
            StringAssert.Contains("none of ARKit", expression.Problem);
            Run(expression, 0.1f);
        }

        [Test]
        public void AHeadsetsMeshIsRead()
        {
            SkinnedMeshRenderer face = _rig.Face("head.jawOpen", "head.eyeLookUpLeft");
            SentioFaceTracking tracking = _rig.Make<SentioFaceTracking>(one => one.Face = face);
            face.SetBlendShapeWeight(0, 40);
            var values = new float[tracking.About.Channels.Length];
            Assert.AreEqual(1, tracking.Read(values));
            Assert.AreEqual(0.4f, values[ArkitShapes.IndexOf("jawOpen")], 1e-6);
            tracking.IsWorn = false;
            Assert.AreEqual(0, tracking.Read(values), "what is not worn is not sent");
        }

        [Test]
        public void SamplesAreBufferedUntilRead()
        {
            SentioSampleSensor sensor = _rig.Make<SentioSampleSensor>();
            sensor.Describe(new SensorAbout("strap", "accel", 50, "x", "y"));
            Assert.AreEqual("body", sensor.About.Consent);
            Assert.IsFalse(sensor.Push(1), "a number is missing");
            for (int i = 0; i < 5; i++) Assert.IsTrue(sensor.Push(i, -i));
            var rows = new float[6];
            Assert.AreEqual(3, sensor.Read(rows));
            Assert.AreEqual(new float[] { 0, 0, 1, -1, 2, -2 }, rows);
            Assert.AreEqual(2, sensor.Read(rows));
            Assert.AreEqual(-4f, rows[3]);
            Assert.AreEqual(0, sensor.Read(rows));
            for (int i = 0; i < 3000; i++) sensor.Push(i, 0);
            Assert.AreEqual(952, sensor.Dropped);
            sensor.Read(rows);
            Assert.AreEqual(952f, rows[0], "the oldest go first");
        }

        [Test]
        public void InputIsCountedInRowsOfHalfASecond()
        {
            SentioInputStatistics counted = _rig.Make<SentioInputStatistics>(one => one.Automatic = false);
            Assert.AreEqual("input", counted.About.Consent);
            var rows = new float[16];
            Assert.AreEqual(0, counted.Read(rows));
            counted.CountKey();
            counted.CountButton();
            counted.CountPointer(0.25f);
            counted.CountError();
            counted.Advance(0.5f);
            counted.Advance(0.5f);
            Assert.AreEqual(2, counted.Read(rows));
            float[] expected = { 2f, 2f, 0.5f, 1f, 0f, 0f, 2f, 0.5f };
            for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], rows[i], 1e-6, "channel " + i);
            Assert.AreEqual(0f, rows[8], "the next row starts at 0");
            Assert.AreEqual(1f, rows[15], 1e-6, "seconds without input");
            counted.Adapt = false;
            counted.Advance(1f);
            Assert.AreEqual(0, counted.Read(rows), "nothing is counted in a menu");
        }

        [Test]
        public void GazeIsEightWeights()
        {
            var eyes = new GameObject("eyes");
            SentioFaceTracking tracking = _rig.Make<SentioFaceTracking>(one => one.Gaze = eyes.transform);
            eyes.transform.localEulerAngles = new Vector3(345, 15, 0);
            var values = new float[tracking.About.Channels.Length];
            Assert.AreEqual(0, tracking.Read(values), "nothing is new");
            tracking.Touch();
            Assert.AreEqual(1, tracking.Read(values));
            Assert.AreEqual(0.5f, values[ArkitShapes.IndexOf("eyeLookUpLeft")], 1e-3);
            Assert.AreEqual(0.5f, values[ArkitShapes.IndexOf("eyeLookOutRight")], 1e-3);
            Assert.AreEqual(0.5f, values[ArkitShapes.IndexOf("eyeLookInLeft")], 1e-3);
            Assert.AreEqual(0, values[ArkitShapes.IndexOf("eyeLookDownLeft")]);
            Object.DestroyImmediate(eyes);
        }
    }
}
