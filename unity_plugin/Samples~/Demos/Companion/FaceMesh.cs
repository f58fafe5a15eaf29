using System;
using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The companion's face: one mesh with ARKit's 52 blend shapes, made in code from grids of
    /// points.</summary>
    public static class FaceMesh
    {
        private sealed class Patch
        {
            public int Rows, Columns, Paint;
            public string Moved;
            public string OtherSide = "";
            public Func<float, float, FaceWeights, Vector3> Place;
        }

        // Each patch has two sides: lids and lips curl, and shaders cull back faces.
        private const int Sides = 2;
        private const int Skin = 0, White = 1, Dark = 2, Lip = 3, Hair = 4;

        /// <summary>Makes the mesh; a submesh for each of <see cref="Paints"/>.</summary>
        public static Mesh Make()
        {
            List<Patch> patches = Patches();
            Vector3[] still = Points(patches, new FaceWeights());
            var mesh = new Mesh { name = "Companion", vertices = still, subMeshCount = 5 };
            for (int paint = Skin; paint <= Hair; paint++) mesh.SetTriangles(Triangles(patches, paint), paint);
            mesh.RecalculateNormals();
            var deltas = new Vector3[still.Length];
            for (int shape = 0; shape < ArkitShapes.Count; shape++)
            {
                string name = ArkitShapes.Name(shape);
                Array.Clear(deltas, 0, deltas.Length);
                Move(patches, name, still, deltas);
                mesh.AddBlendShapeFrame(name, 100, deltas, null, null);
            }
            mesh.RecalculateBounds();
            return mesh;
        }

        /// <summary>The materials: skin, white, dark, lips and hair.</summary>
        public static Material[] Paints()
        {
            return new[]
            {
                Art.Paint(new Color(0.93f, 0.7f, 0.58f), 0), Art.Paint(new Color(0.97f, 0.97f, 0.99f), 0), Art.Paint(new Color(0.12f, 0.1f, 0.16f), 0),
                Art.Paint(new Color(0.72f, 0.27f, 0.33f), 0), Art.Paint(new Color(0.17f, 0.1f, 0.2f), 0),
            };
        }

        private static List<Patch> Patches()
        {
            var all = new List<Patch> { new Patch { Rows = 34, Columns = 44, Paint = Skin, Moved = "jaw cheek mouthSmile noseSneer", Place = FaceShape.Head } };
            foreach (float one in new[] { 1f, -1f })
            {
                float side = one;
                string other = side > 0 ? "Right" : "Left";
                all.Add(new Patch { Rows = 14, Columns = 16, Paint = White, Moved = "", Place = (u, v, w) => FaceShape.Eye(u, v, side) });
                all.Add(new Patch { Rows = 5, Columns = 20, Paint = Dark, Moved = "eyeLook", OtherSide = other, Place = (u, v, w) => FaceShape.Iris(u, v, w, side) });
                all.Add(new Patch { Rows = 8, Columns = 18, Paint = Skin, Moved = "eyeBlink eyeSquint eyeWide eyeLookDown browDown", OtherSide = other, Place = (u, v, w) => FaceShape.UpperLid(u, v, w, side) });
                all.Add(new Patch { Rows = 8, Columns = 18, Paint = Skin, Moved = "eyeBlink eyeSquint cheekSquint mouthSmile", OtherSide = other, Place = (u, v, w) => FaceShape.LowerLid(u, v, w, side) });
                all.Add(new Patch { Rows = 14, Columns = 8, Paint = Hair, Moved = "brow", OtherSide = other, Place = (u, v, w) => FaceShape.Brow(u, v, w, side) });
            }
            all.Add(new Patch { Rows = 2, Columns = 24, Paint = Dark, Moved = "mouth jaw", Place = FaceShape.Gap });
            all.Add(new Patch { Rows = 2, Columns = 16, Paint = White, Moved = "mouth jaw", Place = FaceShape.Teeth });
            all.Add(new Patch { Rows = 3, Columns = 14, Paint = Lip, Moved = "mouth jaw tongue", Place = FaceShape.Tongue });
            all.Add(new Patch { Rows = 7, Columns = 44, Paint = Lip, Moved = "mouth jaw", Place = FaceShape.Lips });
            return all;
        }

        private static void Move(List<Patch> patches, string name, Vector3[] still, Vector3[] deltas)
        {
            var weights = new FaceWeights(name);
            int at = 0;
            foreach (Patch patch in patches)
            {
                int count = Sides * (patch.Rows + 1) * (patch.Columns + 1);
                if (IsMoved(patch, name))
                {
                    var points = new List<Vector3>(count);
                    Fill(patch, weights, points);
                    for (int i = 0; i < count; i++) deltas[at + i] = points[i] - still[at + i];
                }
                at += count;
            }
        }

        private static bool IsMoved(Patch patch, string name)
        {
            if (patch.OtherSide.Length > 0 && name.EndsWith(patch.OtherSide, StringComparison.Ordinal)) return false;
            foreach (string beginning in patch.Moved.Split(' '))
                if (beginning.Length > 0 && name.StartsWith(beginning, StringComparison.Ordinal)) return true;
            return false;
        }

        private static Vector3[] Points(List<Patch> patches, FaceWeights weights)
        {
            var points = new List<Vector3>();
            foreach (Patch patch in patches) Fill(patch, weights, points);
            return points.ToArray();
        }

        // Unity is left-handed: looking along +Z, left is -X.
        private static void Fill(Patch patch, FaceWeights weights, List<Vector3> into)
        {
            for (int side = 0; side < Sides; side++)
                for (int row = 0; row <= patch.Rows; row++)
                    for (int column = 0; column <= patch.Columns; column++)
                    {
                        Vector3 point = patch.Place((float)column / patch.Columns, (float)row / patch.Rows, weights);
                        into.Add(new Vector3(-point.x, point.y, point.z));
                    }
        }

        private static int[] Triangles(List<Patch> patches, int paint)
        {
            var corners = new List<int>();
            int first = 0;
            foreach (Patch patch in patches)
            {
                int wide = patch.Columns + 1, count = (patch.Rows + 1) * wide;
                for (int row = 0; row < patch.Rows && patch.Paint == paint; row++)
                    for (int column = 0; column < patch.Columns; column++)
                    {
                        int a = first + row * wide + column, b = a + 1, c = a + wide, d = c + 1;
                        corners.AddRange(new[] { a, b, d, a, d, c });
                        corners.AddRange(new[] { a + count, d + count, b + count, a + count, c + count, d + count });
                    }
                first += Sides * count;
            }
            return corners.ToArray();
        }
    }
}
